package dev.procpool.internal.pool;

import dev.procpool.Futures;
import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code invokeAll} and {@code invokeAny}, built from {@code submit}. */
public final class Invocations {
    /** Stands for a task that there was no time to submit. */
    private static final class Unstarted<T> extends PoolFuture<T> {
        Unstarted() {
            super(0, null);
        }
    }

    private Invocations() {}

    /** Without time, at most 0, it starts nothing; then, too, a null among the tasks is an error. */
    public static <T> List<Future<T>> all(
            TaskExecutor executor, Collection<? extends Callable<T>> tasks, long timeoutNanos)
            throws InterruptedException {
        for (Callable<T> task : tasks) {
            Objects.requireNonNull(task, "tasks contains null");
        }
        long start = System.nanoTime();
        List<PoolFuture<T>> futures = new ArrayList<>(tasks.size());
        try {
            for (Callable<T> task : tasks) {
                // An executor may run tasks inside submit: the time may be over before all are submitted.
                futures.add(System.nanoTime() - start < timeoutNanos ? executor.submit(task) : new Unstarted<>());
            }
            long left = Math.max(0, timeoutNanos) - (System.nanoTime() - start);
            Futures.await(futures, Futures.ReturnWhen.ALL_COMPLETED, Duration.ofNanos(left));
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
        return new ArrayList<>(futures);
    }

    /** Without time, at most 0, it starts nothing. */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    public static <T> T any(TaskExecutor executor, Collection<? extends Callable<T>> tasks, long timeoutNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("invokeAny needs at least one task");
        }
        long start = System.nanoTime();
        List<PoolFuture<T>> futures = new ArrayList<>(tasks.size());
        BlockingQueue<PoolFuture<T>> done = new LinkedBlockingQueue<>();
        Iterator<? extends Callable<T>> rest = tasks.iterator();
        try {
            for (int failed = 0; ; ) {
                // Not all at once: with a fast or sequential executor one may be enough.
                PoolFuture<T> next = done.poll();
                long left = Math.max(0, timeoutNanos) - (System.nanoTime() - start);
                if (next == null && left > 0 && rest.hasNext()) {
                    PoolFuture<T> future = executor.submit(rest.next());
                    futures.add(future);
                    future.whenComplete((value, thrown) -> done.add(future));
                    continue;
                }
                if (next == null) {
                    next = done.poll(left, TimeUnit.NANOSECONDS);
                }
                if (next == null) {
                    throw new TimeoutException("none of " + futures.size() + " tasks has returned a value in time");
                }
                boolean last = ++failed == futures.size() && !rest.hasNext();
                if (!next.isCompletedExceptionally() || last) {
                    return outcome(next);
                }
            }
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    /** That of a cancelled task is a failure like any other. */
    private static <T> T outcome(PoolFuture<T> done) throws InterruptedException, ExecutionException {
        try {
            return done.get();
        } catch (CancellationException e) {
            throw new ExecutionException(e);
        }
    }
}
