package dev.procpool;

import dev.procpool.internal.pool.Checks;
import java.time.Duration;
import java.util.Optional;

/**
 * What applies to each task submitted through a view made by {@link TaskExecutor#with}. Immutable: each method returns
 * a changed copy.
 */
public final class TaskOptions {
    private static final TaskOptions DEFAULTS = new TaskOptions(Optional.empty(), 0, Optional.empty());

    private final Optional<Duration> timeout;
    private final int retries;
    private final Optional<String> label;

    private TaskOptions(Optional<Duration> timeout, int retries, Optional<String> label) {
        this.timeout = timeout;
        this.retries = retries;
        this.label = label;
    }

    /** No deadline, no retries, no label. */
    public static TaskOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the deadline, counted from the moment the task really starts. A task that is past it is stopped (its worker
     * is killed) and its future fails with {@link TaskTimeoutException}.
     *
     * @param timeout a positive duration
     * @throws IllegalArgumentException if it is zero, negative or null
     */
    public TaskOptions timeout(Duration timeout) {
        return new TaskOptions(Optional.of(Checks.positive("timeout", timeout)), retries, label);
    }

    /**
     * Sets how often the task may be started again after its worker crashed or its deadline passed. With the default,
     * 0, a task starts at most once. Exceptions that the task throws are results: they are never retried.
     *
     * @param retries 0 or more
     * @throws IllegalArgumentException if it is negative
     */
    public TaskOptions retries(int retries) {
        return new TaskOptions(timeout, Checks.atLeast("retries", retries, 0), label);
    }

    /**
     * Sets the name by which the task appears in messages, {@link WorkerInfo} and {@link PoolFuture#toString}.
     *
     * @throws IllegalArgumentException if it is null
     */
    public TaskOptions label(String label) {
        return new TaskOptions(timeout, retries, Optional.of(Checks.present("label", label)));
    }

    /** The deadline, if any. */
    public Optional<Duration> timeout() {
        return timeout;
    }

    /** How often the task may be started again after a crash or a time-out. */
    public int retries() {
        return retries;
    }

    /** The label, if any. */
    public Optional<String> label() {
        return label;
    }

    @Override
    public String toString() {
        return "TaskOptions[timeout=" + timeout.map(Duration::toString).orElse("none") + ", retries=" + retries
                + ", label=" + label.orElse("none") + "]";
    }
}
