package dev.procpool.bench;

import dev.procpool.ProcessPoolExecutor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The round trip of a task that does nothing, with its distribution. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by @Setup
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LatencyBenchmark {
    /** Workers of the pool. */
    @Param({"1", "2"})
    public int workers;

    private ProcessPoolExecutor pool;

    /** Starts the pool. */
    @Setup
    public void start() {
        pool = ProcessPoolExecutor.create(workers);
    }

    /** Ends it. */
    @TearDown
    public void end() {
        pool.close();
    }

    /** One trip. */
    @Benchmark
    public int submitAndGet() throws ExecutionException, InterruptedException {
        return pool.submit(() -> 1).get();
    }

    /** One trip with something to carry. */
    @Benchmark
    public String submitAndGetString() throws ExecutionException, InterruptedException {
        String name = "world";
        return pool.submit(() -> "hello " + name).get();
    }
}
