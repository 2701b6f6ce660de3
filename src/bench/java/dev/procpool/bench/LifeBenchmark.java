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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The start of a pool, and the replacement of its workers: planned, and after a {@code kill -9}. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(10)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class LifeBenchmark {
    /** A pool of one worker. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // by @Setup
    public static class Pool {
        private ProcessPoolExecutor pool;
        private ProcessHandle worker;

        /** Starts it, and has it do something. */
        @Setup
        public void start() throws ExecutionException, InterruptedException {
            pool = ProcessPoolExecutor.create(1);
            worker = ProcessHandle.of(pool.submit(() -> Proc.pid()).get()).orElseThrow();
        }

        /** Ends it. */
        @TearDown
        public void end() {
            pool.close();
        }
    }

    /** A pool whose workers do one task each. */
    @State(Scope.Benchmark)
    @SuppressWarnings("NullAway.Init") // by @Setup
    public static class Recycling {
        private ProcessPoolExecutor pool;

        /** Starts it. */
        @Setup
        public void start() throws ExecutionException, InterruptedException {
            pool = ProcessPoolExecutor.builder().workers(1).maxTasksPerWorker(1).build();
            pool.submit(() -> 1).get();
        }

        /** Ends it. */
        @TearDown
        public void end() {
            pool.close();
        }
    }

    /** The first pool of a JVM, to its first result. The workers' class archive is that of the user's cache. */
    @Benchmark
    public int createToFirstResult() throws ExecutionException, InterruptedException {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            return pool.submit(() -> 1).get();
        }
    }

    /** The same without any class archive. */
    @Benchmark
    public int createToFirstResultWithoutArchive() throws ExecutionException, InterruptedException {
        try (ProcessPoolExecutor pool =
                ProcessPoolExecutor.builder().workers(1).jvmArgs("-Xshare:off").build()) {
            return pool.submit(() -> 1).get();
        }
    }

    /** From the death of the worker to the result of the next task. */
    @Benchmark
    public int recovery(Pool state) throws ExecutionException, InterruptedException {
        state.worker.destroyForcibly();
        state.worker.onExit().get();
        return state.pool.submit(() -> 1).get();
    }

    /** A task for which there is a new worker. */
    @Benchmark
    @Measurement(iterations = 10)
    public int recycle(Recycling state) throws ExecutionException, InterruptedException {
        return state.pool.submit(() -> 1).get();
    }
}
