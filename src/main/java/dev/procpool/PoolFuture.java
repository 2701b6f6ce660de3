package dev.procpool;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    @Nullable String label() {
        return label;
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

    /** Called once, after {@link #cancel} cancelled this future: withdraws the task or stops it. */
    protected void cancelled(boolean mayInterruptIfRunning) {}

    /**
     * Completes this future with what the task threw. A {@link CancellationException} or {@link CompletionException} of
     * the task is a result like any other: it must not make this future look cancelled, nor lose its outer layer.
     *
     * @return whether this completed the future
     */
    protected final boolean fail(Throwable thrown) {
        boolean ambiguous = thrown instanceof CancellationException || thrown instanceof CompletionException;
        return completeExceptionally(ambiguous ? new CompletionException(thrown) : thrown);
    }

    /**
     * Cancels the task unless it is done.
     *
     * @param mayInterruptIfRunning whether to stop the task if it runs; else it goes on and its result is dropped
     * @return whether this future is cancelled now
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        // Not super.cancel: that doesn't tell the call that cancelled from one that came later.
        if (completeExceptionally(new CancellationException())) {
            cancelled(mayInterruptIfRunning);
        }
        return isCancelled();
    }

    /** Dependents are plain: cancelling one does not reach back to the task. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /**
     * In the manner of Python: {@code <Future 17 state=finished returned String>}. Names only the class of the outcome,
     * so that no code of a hostile value runs, and never blocks.
     */
    @Override
    public String toString() {
        Status status = status();
        StringBuilder text = new StringBuilder("<Future ").append(taskId);
        if (label != null) {
            text.append(" \"").append(label).append('"');
        }
        text.append(" state=").append(status.name().toLowerCase(Locale.ROOT));
        if (status == Status.FINISHED) {
            text.append(handle(PoolFuture::outcome).getNow(""));
        }
        return text.append('>').toString();
    }

    private static String outcome(@Nullable Object value, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
            return " raised " + className(cause == null ? failure : cause);
        }
        return " returned " + (value == null ? "null" : className(value));
    }

    private static String className(Object object) {
        String name = object.getClass().getSimpleName();
        return name.isEmpty() ? object.getClass().getName() : name; // anonymous classes have no simple name
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
