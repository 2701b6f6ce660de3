package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerCrashedException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The end of a pool, at whatever moment it comes: no future stays open, nothing is left. */
@ExtendWith(LeakCheck.class)
class ShutdownTest {
    @TempDir
    Path folder;

    private static void awaitTermination(ProcessPoolExecutor pool) throws InterruptedException {
        assertThat(pool.awaitTermination(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(pool.workers()).isEmpty();
    }

    @Test
    void submitAfterShutdown() throws Exception {
        ProcessPoolExecutor pool = pool(1);
        pool.shutdown();

        assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        awaitTermination(pool);
    }

    @Test
    void shutdownFinishesWhatWasSubmitted() throws Exception {
        ProcessPoolExecutor pool = pool(2);
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            int n = i;
            futures.add(pool.submit(() -> n));
        }
        pool.shutdown();
        awaitTermination(pool);
        for (int i = 0; i < 3000; i++) {
            assertThat(futures.get(i)).isDone();
            assertThat(value(futures.get(i))).isEqualTo(i);
        }
    }

    /** The only task waits for its worker to start; when it is cancelled nothing is left that could end the pool. */
    @Test
    void cancelOfTheLastTaskAfterShutdown() throws Exception {
        ProcessPoolExecutor pool = pool(1);
        PoolFuture<Integer> future = pool.submit(() -> 1);
        pool.shutdown();
        assertThat(future.cancel(false)).isTrue();
        awaitTermination(pool);
    }

    /** The last task crashes when there is nothing else left to keep the pool alive. */
    @Test
    void crashOfTheLastTaskAfterShutdown() throws Exception {
        for (int i = 0; i < Faults.repeated(3); i++) {
            ProcessPoolExecutor pool = pool(1);
            PoolFuture<Integer> future = pool.submit(() -> Faults.halt(1));
            pool.shutdown();
            awaitTermination(pool);

            assertThat(future).isDone();
            failure(future, WorkerCrashedException.class);
        }
    }

    @Test
    void retryAfterShutdown() throws Exception {
        Signal tries = Signal.in(folder, "tries");
        ProcessPoolExecutor pool = pool(1);
        PoolFuture<Integer> future = pool.with(TaskOptions.defaults().retries(1))
                .submit(() -> {
                    tries.raise();
                    return tries.count() == 1 ? Faults.halt(1) : 42;
                });
        pool.shutdown();
        awaitTermination(pool);
        assertThat(value(future)).isEqualTo(42);
    }

    /** A task that shutdownNow gives back. */
    private record Count(Signal signal, int number) implements Runnable, Serializable {
        @Override
        public void run() {
            signal.raise();
        }
    }

    @Test
    void shutdownNowReturnsWhatNeverStarted() throws Exception {
        Signal ran = Signal.in(folder, "ran");
        Signal go = Signal.in(folder, "go");
        ProcessPoolExecutor pool = pool(2);
        List<PoolFuture<Integer>> running =
                List.of(pool.submit(() -> Faults.await(go)), pool.submit(() -> Faults.await(go)));
        await().until(() -> running.stream().allMatch(f -> f.status() == PoolFuture.Status.RUNNING));
        List<PoolFuture<?>> queued = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            queued.add(pool.submit((Runnable) new Count(ran, i)));
        }
        queued.get(17).cancel(false);

        List<Runnable> never = pool.shutdownNow();

        assertThat(never).hasSize(99).allMatch(task -> task instanceof Count);
        assertThat(queued).allMatch(PoolFuture::isCancelled);
        assertThat(running).allMatch(PoolFuture::isCancelled);
        awaitTermination(pool);
        assertThat(ran.count()).isZero();
        assertThat(pool.stats().cancelled()).isEqualTo(102);
        assertThat(pool.shutdownNow()).isEmpty();
    }

    @Test
    void shutdownNowWithALargeArgumentInFlight() throws Exception {
        byte[] large = new byte[100 << 20];
        for (int i = 0; i < 4; i++) {
            ProcessPoolExecutor pool = quiet(1).heapSize(300L << 20).build();
            value(pool.submit(() -> 1));
            List<PoolFuture<Integer>> futures = new java.util.concurrent.CopyOnWriteArrayList<>();
            Thread submitter = new Thread(() -> futures.add(pool.submit(() -> large.length)));
            submitter.start();
            await().until(() -> pool.stats().submitted() == 2);
            pool.shutdownNow();
            submitter.join();
            awaitTermination(pool);
            assertThat(futures).allMatch(PoolFuture::isDone);
        }
    }

    @Test
    void killWorkersEndsThePool() throws Exception {
        ProcessPoolExecutor pool = pool(2);
        PoolFuture<Integer> running = pool.submit(Faults::sleepForEver);
        await().until(() -> running.status() == PoolFuture.Status.RUNNING);
        long pid = running.workerPid().orElseThrow();

        pool.killWorkers();

        failure(running, CancellationException.class);
        Faults.awaitGone(pid);
        awaitTermination(pool);
        assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void terminateWorkersLetsShutdownHooksRun() throws Exception {
        Signal ready = Signal.in(folder, "ready");
        Signal hook = Signal.in(folder, "hook");
        ProcessPoolExecutor pool = pool(1);
        PoolFuture<Integer> running = pool.submit(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(hook::raise));
            ready.raise();
            return Faults.sleepForEver();
        });
        ready.expect();

        pool.terminateWorkers();

        awaitTermination(pool);
        assertThat(running).isCancelled();
        assertThat(hook.count()).isEqualTo(1);
    }

    @Test
    void terminateWorkersWhoseHooksHang() throws Exception {
        Signal ready = Signal.in(folder, "ready");
        ProcessPoolExecutor pool = pool(1);
        PoolFuture<Integer> running = pool.submit(() -> {
            Runtime.getRuntime().addShutdownHook(new Thread(Faults::sleepForEver));
            ready.raise();
            return Faults.sleepForEver();
        });
        ready.expect();

        pool.terminateWorkers();

        awaitTermination(pool);
        assertThat(running).isCancelled();
    }

    @Test
    void shutdownWhileWorkersStart() throws Exception {
        for (int i = 0; i < Faults.repeated(5); i++) {
            ProcessPoolExecutor pool = pool(2);
            PoolFuture<Integer> future = pool.submit(() -> 42);
            if (i % 2 == 0) {
                pool.shutdown();
                awaitTermination(pool);
                assertThat(value(future)).isEqualTo(42);
            } else {
                List<Runnable> never = pool.shutdownNow();
                awaitTermination(pool);
                assertThat(future.isDone()).isTrue();
                assertThat(never).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void shutdownAtAnyMoment() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < Faults.repeated(6); round++) {
            ProcessPoolExecutor pool = quiet(2).maxTasksPerWorker(300).build();
            List<PoolFuture<Integer>> futures = new java.util.concurrent.CopyOnWriteArrayList<>();
            AtomicInteger rejected = new AtomicInteger();
            Thread submitter = new Thread(() -> {
                for (int i = 0; i < 2000 && rejected.get() == 0; i++) {
                    int n = i;
                    try {
                        futures.add(pool.submit(() -> n % 400 == 399 ? Faults.halt(1) : n));
                    } catch (RejectedExecutionException e) {
                        rejected.incrementAndGet();
                    }
                }
            });
            submitter.start();
            await().pollDelay(Duration.ofMillis(random.nextInt(600))).until(() -> true);
            switch (round % 3) {
                case 0 -> pool.shutdown();
                case 1 -> pool.shutdownNow();
                default -> pool.killWorkers();
            }
            submitter.join();
            pool.shutdown();
            awaitTermination(pool);
            assertThat(futures).allMatch(PoolFuture::isDone);
            assertThat(pool.stats().submitted())
                    .isEqualTo(futures.size())
                    .isEqualTo(pool.stats().completed()
                            + pool.stats().failed()
                            + pool.stats().cancelled());
        }
    }

    @Test
    void resizeUnderLoad() {
        try (ProcessPoolExecutor pool = pool(1)) {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 4000; i++) {
                int n = i;
                futures.add(pool.submit(() -> n));
                if (i % 500 == 0) {
                    pool.resize(1 + i / 500 % 3);
                    assertThat(pool.parallelism()).isEqualTo(1 + i / 500 % 3);
                }
            }
            for (int i = 0; i < 4000; i++) {
                assertThat(value(futures.get(i))).isEqualTo(i);
            }
            pool.resize(3);
            Faults.expectFullStrength(pool, Signal.in(folder, "three"));
            pool.resize(1);
            await().atMost(Limits.LONG).until(() -> pool.workers().size() == 1);
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void idleWorkersEndDownToTheMinimum() {
        try (ProcessPoolExecutor pool =
                quiet(3).minWorkers(1).idleTimeout(Duration.ofMillis(300)).build()) {
            Faults.expectFullStrength(pool, Signal.in(folder, "before"));
            await().atMost(Limits.LONG).until(() -> pool.workers().size() == 1);
            Faults.expectFullStrength(pool, Signal.in(folder, "after"));
            assertThat(pool.stats().workersCrashed()).isZero();
        }
    }
}
