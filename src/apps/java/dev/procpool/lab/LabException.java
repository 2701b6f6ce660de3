package dev.procpool.lab;

/** The lab can't go on; the message is one line for the user. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private enum Kind {
        USAGE,
        FAILED,
        WRONG_RESULT
    }

    private final Kind kind;

    private LabException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What was asked for can't be done. */
    public static LabException usage(String message) {
        return new LabException(Kind.USAGE, message);
    }

    /** A measurement failed. */
    public static LabException failed(String message) {
        return new LabException(Kind.FAILED, message);
    }

    /** A job computed something wrong: the run is void. */
    static LabException wrongResult(String message) {
        return new LabException(Kind.WRONG_RESULT, message + ": the run is void");
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Whether the user asked for something impossible, in contrast to work that failed. */
    public boolean isUsage() {
        return kind == Kind.USAGE;
    }

    /** Whether a result was wrong, so that nothing of the run can be believed. */
    boolean isWrongResult() {
        return kind == Kind.WRONG_RESULT;
    }
}
