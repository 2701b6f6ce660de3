package dev.procpool;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The future of a task: a {@link CompletableFuture} that also knows whether the task has started, and where.
 *
 * <pre>
 * PENDING ──the task starts──▶ RUNNING ──value or exception──▶ FINISHED
 *    └──────────cancel───────────┴──────────cancel──────────▶ CANCELLED
 * </pre>
 *
 * {@code cancel(true)} stops a running task (in a process pool by killing its worker), {@code cancel(false)} lets it
 * finish and drops the result; a task that has not started never starts. Thread-safe.
 *
 * @param <T> the type of the result
 */
public class PoolFuture<T> extends CompletableFuture<T> {
    private final long taskId;
    private final @Nullable String label;

    /**
     * For implementations of {@link TaskExecutor}.
     *
     * @param taskId the number of the task in its executor, from 1
     * @param label the name for messages, or null
     */
    protected PoolFuture(long taskId, @Nullable String label) {
        this.taskId = taskId;
        this.label = label;
    }

    /** The number of the task in its executor, from 1, in the order of submission. */
    public final long taskId() {
        return taskId;
    }

    /** Where the task is on its way. */
    public final Status status() {
        if (isDone()) {
            return isCancelled() ? Status.CANCELLED : Status.FINISHED;
        }
        return hasStarted() ? Status.RUNNING : Status.PENDING;
    }

    /** The process id of the worker that runs or ran the task; empty before it started and for in-JVM executors. */
    public OptionalLong workerPid() {
        return OptionalLong.empty();
    }

    /** What the task printed, when the pool captures output ({@link WorkerOutput#capture()}); else empty. */
    public String output() {
        return "";
    }

    /** Whether the task has started; asked only while it isn't done. */
    protected boolean hasStarted() {
        return false;
    }

    /** Called once, after this future became cancelled: withdraws the task or stops it. */
    protected void cancelled(boolean mayInterruptIfRunning) {}

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean alreadyCancelled = isCancelled();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && !alreadyCancelled) {
            cancelled(mayInterruptIfRunning);
        }
        return cancelled;
    }

    /** Dependents are plain: cancelling one does not reach back to the task. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /** In the manner of Python: {@code <Future 17 state=finished returned String>}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("<Future ").append(taskId);
        if (label != null) {
            text.append(" \"").append(label).append('"');
        }
        text.append(" state=").append(status().name().toLowerCase(java.util.Locale.ROOT));
        if (isDone() && !isCancelled()) {
            if (isCompletedExceptionally()) {
                Throwable thrown = handle((value, failure) -> failure).join();
                text.append(" raised ").append(thrown.getClass().getSimpleName());
            } else {
                T value = join();
                text.append(" returned ")
                        .append(value == null ? "null" : value.getClass().getSimpleName());
            }
        }
        return text.append('>').toString();
    }

    /** The states of a task as its future shows them. */
    public enum Status {
        /** Not started yet. */
        PENDING,
        /** Started, not done. */
        RUNNING,
        /** Done: there is a value or an exception. */
        FINISHED,
        /** Cancelled. */
        CANCELLED
    }
}
