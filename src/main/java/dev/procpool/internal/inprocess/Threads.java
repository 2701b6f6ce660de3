package dev.procpool.internal.inprocess;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The JDK's executors, on daemon threads that are named after their pool. */
public final class Threads {
    private static final int VIRTUAL_THREADS_SINCE = 21;

    private Threads() {}

    /** {@code n} platform threads and an unbounded queue; idle threads end after a while, so a forgotten pool does. */
    public static ExecutorService platform(String name, int n) {
        AtomicInteger numbers = new AtomicInteger();
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(n, n, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + numbers.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** A fork-join pool of parallelism {@code n} that runs submitted tasks first in, first out. */
    public static ExecutorService forkJoin(String name, int n) {
        AtomicInteger numbers = new AtomicInteger();
        return new ForkJoinPool(
                n,
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName(name + "-" + numbers.incrementAndGet());
                    return thread;
                },
                null,
                true);
    }

    /**
     * One virtual thread for each task.
     *
     * @throws UnsupportedOperationException if this JVM has none
     */
    public static ExecutorService virtual(String name) {
        if (Runtime.version().feature() < VIRTUAL_THREADS_SINCE) {
            throw new UnsupportedOperationException("virtual threads need Java " + VIRTUAL_THREADS_SINCE
                    + " or newer, but this is Java " + Runtime.version() + "; use threads(n) instead");
        }
        try { // by reflection: this code is compiled for Java 17
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            type.getMethod("name", String.class, long.class).invoke(builder, name + "-", 1L);
            Object factory = type.getMethod("factory").invoke(builder);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Java " + Runtime.version() + " without its own API for virtual threads", e);
        }
    }
}
