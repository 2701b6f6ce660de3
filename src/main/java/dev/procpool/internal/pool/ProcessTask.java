package dev.procpool.internal.pool;

import dev.procpool.BrokenPoolException;
import dev.procpool.PoolFuture;
import dev.procpool.TaskOptions;
import dev.procpool.internal.dispatch.BrokenReason;
import dev.procpool.internal.dispatch.Call;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.worker.Death;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The future of a task of a process pool, and the glue between it and its {@link Call}. */
public final class ProcessTask<T> extends PoolFuture<T> {
    /** What a task prints is kept up to this length; then the beginning is kept and the rest is dropped. */
    private static final int LONGEST_OUTPUT = 16 << 20;

    private static final VarHandle WAITERS;

    static {
        try {
            WAITERS = MethodHandles.lookup().findVarHandle(ProcessTask.class, "waiters", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ProcessPool pool;
    private final TaskCall call;
    private final @Nullable T result;
    private final @Nullable String label;
    private @Nullable Object task;
    /** By it the result is rebuilt; null when that is over. */
    private @Nullable ClassLoader loader;
    /** Keeps the pool from being taken for one that nobody uses; null when this is over. */
    @SuppressWarnings("UnusedVariable") // only to be held
    private @Nullable Object inUse;
    /** How many threads wait in {@code get} or {@code join}: they are no callbacks, although they count as dependents. */
    private volatile int waiters;
    /** Set before a callback is registered; what the static methods of CompletableFuture add shows as a dependent only. */
    private volatile boolean mayHaveCallbacks;

    /**
     * Makes the future of a task that is about to be submitted.
     *
     * @param task what {@code shutdownNow} gives back if it never starts
     * @param result what a task without a value of its own returns
     * @param loader finds the classes of its result
     * @param inUse what is reachable as long as somebody uses the pool
     */
    ProcessTask(
            ProcessPool pool,
            long taskId,
            TaskOptions options,
            Object task,
            @Nullable T result,
            @Nullable ClassLoader loader,
            Object inUse) {
        super(taskId, options.label().orElse(null));
        this.pool = pool;
        this.task = task;
        this.result = result;
        this.loader = loader;
        this.inUse = inUse;
        this.label = options.label().orElse(null);
        this.call = new TaskCall(options);
    }

    Call call() {
        return call;
    }

    @Override
    public OptionalLong workerPid() {
        long pid = call.pid();
        return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    @Override
    public String output() {
        return call.output();
    }

    @Override
    protected boolean hasStarted() {
        return call.started();
    }

    @Override
    protected void cancelled(boolean mayInterruptIfRunning) {
        letGo();
        pool.cancelled(call, mayInterruptIfRunning);
    }

    private void letGo() {
        task = null;
        loader = null;
        inUse = null;
    }

    /** Every method that registers a callback begins here, before the callback can be seen. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        mayHaveCallbacks = true;
        return super.newIncompleteFuture();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (mustWait()) {
            WAITERS.getAndAdd(this, 1);
            try {
                return super.get();
            } finally {
                WAITERS.getAndAdd(this, -1);
            }
        }
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        long before = System.nanoTime();
        long nanos = unit.toNanos(timeout);
        if (nanos > 0 && mustWait()) {
            WAITERS.getAndAdd(this, 1);
            try {
                return super.get(nanos - (System.nanoTime() - before), TimeUnit.NANOSECONDS);
            } finally {
                WAITERS.getAndAdd(this, -1);
            }
        }
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        if (mustWait()) {
            WAITERS.getAndAdd(this, 1);
            try {
                return super.join();
            } finally {
                WAITERS.getAndAdd(this, -1);
            }
        }
        return super.join();
    }

    /** Looks for the result on this thread for a moment; true if it has to go to sleep for it. */
    private boolean mustWait() {
        if (isDone()) {
            return false;
        }
        call.lookForReply();
        if (isDone()) {
            return false;
        }
        Call.aboutToBlock();
        return true;
    }

    /** The task on its way. */
    final class TaskCall extends Call {
        private byte kind;
        private @Nullable Object value;
        private byte @Nullable [] body;
        private @Nullable ByteArrayOutputStream printed;

        TaskCall(TaskOptions options) {
            super(Frames.TASK, options.timeout().map(ProcessPool::nanos).orElse(0L), options.retries());
        }

        /** The task as its caller gave it, if it has not been let go. */
        Optional<Runnable> asRunnable() {
            Object given = task;
            if (given instanceof Callable<?> callable) {
                return Optional.of(new FutureTask<>(callable));
            }
            return Optional.ofNullable((Runnable) given);
        }

        boolean started() {
            return hasStarted();
        }

        long pid() {
            return workerPid();
        }

        void lookForReply() {
            help(ProcessTask.this::isDone);
        }

        synchronized String output() {
            return printed == null ? "" : printed.toString(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return label == null ? Long.toString(taskId()) : label;
        }

        @Override
        protected boolean isAbandoned() {
            return isDecided();
        }

        @Override
        protected boolean hasCallbacks() {
            return mayHaveCallbacks || getNumberOfDependents() > waiters;
        }

        @Override
        protected boolean decodesObjects() {
            byte[] bytes = body;
            return bytes != null && Results.decodesObjects(kind, bytes);
        }

        @Override
        protected boolean reply(byte kind, byte[] buffer, int offset, int length) {
            this.kind = kind;
            Object simple = kind == Frames.VALUE ? pool.results.simpleValue(buffer, offset, length) : null;
            if (simple != null) {
                value = simple;
            } else {
                body = Results.own(buffer, offset, length);
            }
            return true;
        }

        @Override
        protected void printed(byte[] buffer, int offset, int length) {
            if (pool.capturesOutput) {
                synchronized (this) {
                    if (printed == null) {
                        printed = new ByteArrayOutputStream(length);
                    }
                    printed.write(buffer, offset, Math.min(length, LONGEST_OUTPUT - printed.size()));
                }
            }
        }

        @Override
        protected void complete() {
            ClassLoader before = ContextLoader.enter(loader);
            try {
                completeByLoader();
            } finally {
                ContextLoader.leave(before);
            }
        }

        private void completeByLoader() {
            letGo();
            byte[] bytes = body;
            Object outcome = bytes == null ? value : pool.results.outcome(kind, bytes, ProcessTask.this::describe);
            body = null;
            value = null;
            if (outcome instanceof Results.Thrown thrown) {
                failWith(thrown.throwable());
            } else {
                succeedWith(outcome == Results.NULL ? null : outcome);
            }
        }

        @SuppressWarnings("unchecked") // the value is what the task returned, and T is what it says it returns
        private void succeedWith(@Nullable Object outcome) {
            pool.completed.increment();
            if (!succeed(result != null ? result : (T) outcome)) {
                pool.completed.decrement();
            }
        }

        private void failWith(Throwable thrown) {
            pool.failed.increment();
            if (!fail(thrown)) {
                pool.failed.decrement();
            }
        }

        @Override
        protected void lost(Throwable why, long length) {
            letGo();
            failWith(length < Results.LARGE ? why : pool.results.tooLarge(describe(), length, why));
        }

        @Override
        protected void crashed(Death death, List<Death> earlier) {
            letGo();
            failWith(Crashes.crashed(death, earlier, ProcessTask.this.describe(), ranNanos(), output()));
        }

        @Override
        protected void timedOut(Death death, List<Death> earlier) {
            letGo();
            Duration limit = Duration.ofNanos(timeoutNanos);
            failWith(Crashes.timedOut(death, earlier, ProcessTask.this.describe(), limit, output()));
        }

        @Override
        protected void settled() {
            pool.settled();
        }

        @Override
        protected void cancelled() {
            letGo();
            pool.cancelled.increment();
            if (!revoke("the pool was shut down at once")) {
                pool.cancelled.decrement();
            }
        }

        @Override
        protected void broken(BrokenReason reason) {
            letGo();
            failWith(new BrokenPoolException(reason.message(), reason.cause()));
        }
    }

    /** How messages name the task. */
    String describe() {
        return "task " + taskId() + (label == null ? "" : " \"" + label + "\"");
    }
}
