package dev.procpool;

import dev.procpool.local.CallerThreadExecutor;
import dev.procpool.local.KeepAlive;
import dev.procpool.local.Threads;
import dev.procpool.worker.Nesting;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An executor whose tasks run in this JVM: a {@link LocalPool} and the options for what is submitted through it. */
final class LocalExecutor implements TaskExecutor {
    private static final int MAX_FORK_JOIN = 0x7fff;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final LocalPool pool;
    private final TaskOptions options;

    private LocalExecutor(LocalPool pool, TaskOptions options) {
        this.pool = pool;
        this.options = options;
    }

    static LocalExecutor sequential() {
        return of(newName("sequential"), new CallerThreadExecutor(), 1);
    }

    static LocalExecutor threads(int n) {
        Checks.atLeast("threads", n, 1);
        String name = newName("threads");
        return ofDaemons(name, Threads.platform(name, n), n);
    }

    static LocalExecutor forkJoin(int n) {
        Checks.inRange("forkJoin", n, 1, MAX_FORK_JOIN);
        String name = newName("forkjoin");
        return ofDaemons(name, Threads.forkJoin(name, n), n);
    }

    static LocalExecutor virtualThreads() {
        String name = newName("virtual");
        return ofDaemons(name, Threads.virtual(name), processors());
    }

    static LocalExecutor spawn(int n) {
        int processes = Checks.atLeast("spawn", n, 1);
        String name = newName("spawn");
        Nesting.check(name);
        return new LocalExecutor(new SpawnPool(name, processes), TaskOptions.defaults());
    }

    static LocalExecutor over(ExecutorService executor) {
        return of(newName("over"), Objects.requireNonNull(executor, "executor"), parallelismOf(executor));
    }

    private static LocalExecutor of(String name, ExecutorService executor, int parallelism) {
        return new LocalExecutor(new LocalPool(name, executor, parallelism, null), TaskOptions.defaults());
    }

    private static LocalExecutor ofDaemons(String name, ExecutorService executor, int parallelism) {
        KeepAlive keepAlive = new KeepAlive(name + "-keepalive");
        return new LocalExecutor(new LocalPool(name, executor, parallelism, keepAlive), TaskOptions.defaults());
    }

    private static String newName(String kind) {
        return "procpool-" + kind + "-" + NUMBERS.incrementAndGet();
    }

    private static int parallelismOf(ExecutorService executor) {
        if (executor instanceof ForkJoinPool forkJoin) {
            return forkJoin.getParallelism();
        }
        if (executor instanceof ThreadPoolExecutor threads) {
            BlockingQueue<Runnable> queue = threads.getQueue();
            boolean queues = queue.size() + queue.remainingCapacity() > 0; // then it rarely grows beyond its core
            int size = queues ? Math.max(1, threads.getCorePoolSize()) : threads.getMaximumPoolSize();
            return size == Integer.MAX_VALUE ? processors() : size;
        }
        return processors();
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public <T> PoolFuture<T> submit(Callable<T> task) {
        return pool.submit(Objects.requireNonNull(task, "task"), options);
    }

    @Override
    public <T> PoolFuture<T> submit(Runnable task, @Nullable T result) {
        return pool.submit(new RunnableCall<>(Objects.requireNonNull(task, "task"), result), options);
    }

    /** As in the interface, but label and retries of this view hold for the chunks, and its deadline for each item. */
    @Override
    public <T, R> Stream<R> map(
            SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items, MapOptions mapOptions) {
        Optional<Duration> timeout = mapOptions.timeout().or(options::timeout);
        return MapStream.overTasks(
                timeout.map(t -> with(options.timeout(t))).orElse(this),
                fn,
                items,
                timeout.map(mapOptions::timeout).orElse(mapOptions));
    }

    @Override
    public TaskExecutor with(TaskOptions options) {
        return new LocalExecutor(pool, Objects.requireNonNull(options, "options"));
    }

    @Override
    public int parallelism() {
        return pool.parallelism();
    }

    @Override
    public void shutdown() {
        pool.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return pool.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return pool.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return pool.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return pool.awaitTermination(timeout, unit);
    }

    /** Called by a task or callback of this pool, it doesn't wait: that task could never end. */
    @Override
    public void close() {
        if (pool.isRunningOn(Thread.currentThread())) {
            shutdown();
        } else {
            TaskExecutor.super.close();
        }
    }

    @Override
    public String toString() {
        return pool.toString();
    }
}
