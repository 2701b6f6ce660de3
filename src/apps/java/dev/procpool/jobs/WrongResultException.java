package dev.procpool.jobs;

/** A job computed something else than what is known to be right: whatever was measured with it means nothing. */
public final class WrongResultException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** Wrong, with what was computed and what is right. */
    public WrongResultException(String message) {
        super(message);
    }
}
