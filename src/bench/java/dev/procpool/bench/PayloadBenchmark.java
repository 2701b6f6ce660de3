package dev.procpool.bench;

import dev.procpool.ProcessPoolExecutor;
import dev.procpool.SharedBytes;
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

/** What it costs to bring bytes to a worker, and to bring them back. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by @Setup
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PayloadBenchmark {
    /** Bytes: from 1 KB to 256 MB. */
    @Param({"1024", "65536", "1048576", "16777216", "67108864", "268435456"})
    public int bytes;

    private ProcessPoolExecutor pool;
    private byte[] data;
    private SharedBytes shared;

    /** Starts a pool of one worker. */
    @Setup
    public void start() throws ExecutionException, InterruptedException {
        pool = ProcessPoolExecutor.builder().workers(1).heapSize(1L << 30).build();
        data = new byte[bytes];
        shared = pool.shareBytes(data);
        int size = bytes;
        pool.submit(() -> Work.prepare(size)).get();
    }

    /** Ends it. */
    @TearDown
    public void end() {
        shared.close();
        pool.close();
    }

    /** An array for the worker. */
    @Benchmark
    public int argument() throws ExecutionException, InterruptedException {
        byte[] argument = data;
        return pool.submit(() -> argument.length).get();
    }

    /** An array that the worker has. */
    @Benchmark
    public byte[] result() throws ExecutionException, InterruptedException {
        return pool.submit(() -> Work.prepared()).get();
    }

    /** The same bytes, shared: the task looks at the first and the last. */
    @Benchmark
    public int sharedBytes() throws ExecutionException, InterruptedException {
        SharedBytes handle = shared;
        int last = bytes - 1;
        return pool.submit(() -> handle.buffer().get(0) + handle.buffer().get(last))
                .get();
    }

    /** Sharing them, and freeing them. */
    @Benchmark
    public void share() {
        pool.shareBytes(data).close();
    }
}
