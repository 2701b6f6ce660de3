package dev.procpool;

/**
 * Stands for an exception that a task threw and that could not be sent or rebuilt here: its class is unknown, or it
 * isn't really serialisable. Class name, message and stack trace are kept as text.
 */
public class RemoteTaskException extends RuntimeException {
    private final String remoteClassName;
    private final String remoteStackTrace;

    /**
     * Creates one for the exception described.
     *
     * @param remoteClassName the class of the original
     * @param message the message of this exception, which quotes the original's
     * @param remoteStackTrace the original's stack trace, as {@code printStackTrace} gives it
     */
    public RemoteTaskException(String remoteClassName, String message, String remoteStackTrace) {
        super(message);
        this.remoteClassName = remoteClassName;
        this.remoteStackTrace = remoteStackTrace;
    }

    /** The name of the class of the exception that the task threw. */
    public String remoteClassName() {
        return remoteClassName;
    }

    /** The stack trace of the exception that the task threw, causes included, as text. */
    public String remoteStackTrace() {
        return remoteStackTrace;
    }
}
