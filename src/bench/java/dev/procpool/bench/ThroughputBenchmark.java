package dev.procpool.bench;

import dev.procpool.ProcessPoolExecutor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Tasks and items in a second. With {@code -prof gc} it also says how many bytes each allocates in the parent
 * ({@code gc.alloc.rate.norm}).
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by @Setup
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ThroughputBenchmark {
    private static final int TASKS = 10_000;
    private static final int ITEMS = 1_000_000;

    /** Workers of the pool. */
    @Param({"1", "2", "4"})
    public int workers;

    private ProcessPoolExecutor pool;
    private Iterable<Integer> items;

    /** Starts the pool. */
    @Setup
    public void start() {
        pool = ProcessPoolExecutor.create(workers);
        items = IntStream.range(0, ITEMS).boxed().toList();
    }

    /** Ends it. */
    @TearDown
    public void end() {
        pool.close();
    }

    /** Tasks from one thread, all futures awaited. */
    @Benchmark
    @OperationsPerInvocation(TASKS)
    public int submitFromOneThread() throws ExecutionException, InterruptedException {
        return submitAndAwait();
    }

    /** Tasks from four threads, each awaiting its own. */
    @Benchmark
    @Threads(4)
    @OperationsPerInvocation(TASKS)
    public int submitFromFourThreads() throws ExecutionException, InterruptedException {
        return submitAndAwait();
    }

    private int submitAndAwait() throws ExecutionException, InterruptedException {
        Future<?>[] futures = new Future<?>[TASKS];
        for (int i = 0; i < TASKS; i++) {
            futures[i] = pool.submit(() -> 1);
        }
        for (Future<?> future : futures) {
            future.get();
        }
        return futures.length;
    }

    /** Items of {@code map} with default options. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long map() {
        return pool.map(x -> x + 1, items).mapToLong(x -> x).sum();
    }
}
