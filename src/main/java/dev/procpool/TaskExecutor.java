package dev.procpool;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/**
 * What processes, threads, fork-join and Spark all offer: swap one line, keep the program.
 */
public interface TaskExecutor extends ExecutorService, AutoCloseable {
    /** Submits a lambda or method reference that returns a value. */
    <T> PoolFuture<T> submit(SerializableCallable<T> task);

    /** Submits a lambda or method reference that returns nothing. */
    PoolFuture<Void> submit(SerializableRunnable task);

    @Override
    <T> PoolFuture<T> submit(Callable<T> task);

    @Override
    PoolFuture<?> submit(Runnable task);

    @Override
    <T> PoolFuture<T> submit(Runnable task, T result);

    /** {@link #map(SerializableFunction, Iterable, MapOptions)} with {@link MapOptions#defaults()}. */
    <T, R> Stream<R> map(SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items);

    /** Applies {@code fn} to each item, lazily, in parallel. */
    <T, R> Stream<R> map(
            SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items, MapOptions options);

    /** A view of this executor: the same workers, these options for what it submits. */
    TaskExecutor with(TaskOptions options);

    /** How many tasks can run at the same time. */
    int parallelism();

    /** Shuts down and waits until all submitted work is done. */
    @Override
    void close();
}
