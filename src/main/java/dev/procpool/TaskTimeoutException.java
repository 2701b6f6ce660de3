package dev.procpool;

import java.time.Duration;

/** A task ran past its deadline and was stopped: its code no longer runs. */
public class TaskTimeoutException extends RuntimeException {
    private final Duration timeout;

    /** Creates one for a task that was stopped after {@code timeout}. */
    public TaskTimeoutException(String message, Duration timeout) {
        super(message);
        this.timeout = timeout;
    }

    /** The deadline that passed, counted from the start of the task. */
    public Duration timeout() {
        return timeout;
    }
}
