package dev.procpool.lab;

/** The lab can't go on; the message is one line for the user. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean usage;

    private LabException(boolean usage, String message) {
        super(message);
        this.usage = usage;
    }

    /** What was asked for can't be done. */
    public static LabException usage(String message) {
        return new LabException(true, message);
    }

    /** A measurement failed. */
    public static LabException failed(String message) {
        return new LabException(false, message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Whether the user asked for something impossible, in contrast to work that failed. */
    public boolean isUsage() {
        return usage;
    }
}
