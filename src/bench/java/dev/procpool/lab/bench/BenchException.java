package dev.procpool.lab.bench;

/** A run can't take place; the message says why, in one line. */
public final class BenchException extends Exception {
    private static final long serialVersionUID = 1;

    /** With the reason. */
    public BenchException(String message) {
        super(message);
    }
}
