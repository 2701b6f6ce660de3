package dev.procpool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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
 * finish and drops the result; a task that has not started never starts.
 *
 * <p>Whoever settles the future himself, by {@code complete}, {@code completeExceptionally}, {@code orTimeout},
 * {@code completeOnTimeout}, {@code completeAsync} or one of the {@code obtrude} methods, gives the task up: it is stopped
 * as by {@code cancel(true)}, and the future has what he said. To obtrude the outcome of a future that is done changes
 * nothing but that.
 *
 * <p>A task that is given up is stopped before the callbacks of its future run, which may therefore wait for the end of
 * the executor. Thread-safe.
 *
 * @param <T> the type of the result
 */
public class PoolFuture<T> extends CompletableFuture<T> {
    private static final VarHandle DECIDED;

    static {
        try {
            DECIDED = MethodHandles.lookup().findVarHandle(PoolFuture.class, "decided", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long taskId;
    private final @Nullable String label;
    /** Whether somebody, the executor or the user, is about to complete this or has done so; nobody else may. */
    private volatile boolean decided;

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

    /**
     * Called once, when this future is cancelled or somebody else than the executor completes it, before that can be seen:
     * withdraws the task or stops it. What {@link #succeed} and {@link #fail} say no longer counts.
     */
    protected void cancelled(boolean mayInterruptIfRunning) {}

    /** Whether this is done, or about to be: somebody has decided how it completes. */
    protected final boolean isDecided() {
        return decided;
    }

    /**
     * For the executor: completes this future with what the task returned.
     *
     * @return whether this completed the future
     */
    protected final boolean succeed(@Nullable T value) {
        if (!tryDecide()) {
            return false;
        }
        try {
            return super.complete(value);
        } finally {
            reopenUnlessDone();
        }
    }

    /**
     * For the executor: completes this future with what the task threw. A {@link CancellationException} or
     * {@link CompletionException} of the task is a result like any other: it must not make this future look cancelled, nor
     * lose its outer layer.
     *
     * @return whether this completed the future
     */
    protected final boolean fail(Throwable thrown) {
        boolean ambiguous = thrown instanceof CancellationException || thrown instanceof CompletionException;
        Throwable outcome = ambiguous ? new CompletionException(thrown) : thrown;
        return tryDecide() && finishWith(outcome);
    }

    /**
     * For the executor, when it ends: cancels this future without calling {@link #cancelled}. Not to be called with a lock
     * that {@link #cancelled} needs.
     *
     * @return whether this completed the future, which is done now in any case
     */
    protected final boolean revoke(String reason) {
        CancellationException outcome = new CancellationException(reason);
        return decide() && finishWith(outcome);
    }

    /**
     * Cancels the task unless it is done.
     *
     * @param mayInterruptIfRunning whether to stop the task if it runs; else it goes on and its result is dropped
     * @return whether this future is cancelled now
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        giveUp(mayInterruptIfRunning, () -> super.completeExceptionally(new CancellationException()));
        return isCancelled();
    }

    /** Gives the task up, as by {@code cancel(true)}, unless this is done; the future has the value {@code value}. */
    @Override
    public boolean complete(@Nullable T value) {
        return giveUp(true, () -> super.complete(value));
    }

    /** Gives the task up, as by {@code cancel(true)}, unless this is done; the future has failed with {@code thrown}. */
    @Override
    public boolean completeExceptionally(Throwable thrown) {
        Objects.requireNonNull(thrown, "thrown");
        return giveUp(true, () -> super.completeExceptionally(thrown));
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    /** Gives the task up, as by {@code cancel(true)}, when the supplier has returned or thrown, unless this is done. */
    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        Objects.requireNonNull(supplier, "supplier");
        executor.execute(
                () -> { // the JDK's own way completes this behind our back
                    if (isDone()) {
                        return;
                    }
                    try {
                        complete(supplier.get());
                    } catch (Throwable e) {
                        completeExceptionally(e instanceof CompletionException ? e : new CompletionException(e));
                    }
                });
        return this;
    }

    /** Gives the task up, as by {@code cancel(true)}, unless this is done. */
    @Override
    public void obtrudeValue(@Nullable T value) {
        if (!giveUp(true, () -> super.obtrudeValue(value))) {
            super.obtrudeValue(value);
        }
    }

    /** Gives the task up, as by {@code cancel(true)}, unless this is done. */
    @Override
    public void obtrudeException(Throwable thrown) {
        Objects.requireNonNull(thrown, "thrown");
        if (!giveUp(true, () -> super.obtrudeException(thrown))) {
            super.obtrudeException(thrown);
        }
    }

    /** Stops the task first: a callback may wait for that. */
    private boolean giveUp(boolean mayInterruptIfRunning, Runnable completion) {
        if (!decide()) {
            return false;
        }
        try {
            cancelled(mayInterruptIfRunning);
        } finally {
            try {
                completion.run();
            } finally {
                reopenUnlessDone();
            }
        }
        return true;
    }

    /** True for the one who has to complete this; false when it is done. */
    private boolean decide() {
        while (!tryDecide()) {
            if (isDone()) {
                return false;
            }
            LockSupport.parkNanos(this, 1_000); // another thread is about to complete it
        }
        return true;
    }

    private boolean tryDecide() {
        return DECIDED.compareAndSet(this, false, true);
    }

    private boolean finishWith(Throwable outcome) {
        try {
            return super.completeExceptionally(outcome);
        } finally {
            reopenUnlessDone();
        }
    }

    /** There may have been no memory for the outcome; then whoever comes next may decide. */
    private void reopenUnlessDone() {
        if (!isDone()) {
            decided = false;
        }
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
