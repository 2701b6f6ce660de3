package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Deadlines, cancellation and workers that don't respond: kill means kill. */
@ExtendWith(LeakCheck.class)
class StopTest {
    private static final Duration DEADLINE = Limits.DEADLINE;
    /** From the deadline, or from cancel, until the process is gone from the process table. */
    private static final Duration PROMPT = Faults.bound(Duration.ofMillis(250));

    @TempDir
    Path folder;

    @Test
    void deadlineOfLoopThatSwallowsEverything() {
        try (ProcessPoolExecutor pool = pool(1)) {
            for (int i = 0; i < Faults.repeated(3); i++) {
                value(pool.submit(() -> 1)); // there is a worker
                Signal started = Signal.in(folder, "started" + i);
                PoolFuture<Integer> future = pool.with(TaskOptions.defaults().timeout(DEADLINE))
                        .submit(() -> Faults.swallowEverything(started));
                started.expect();
                long start = System.nanoTime();
                long pid = future.workerPid().orElseThrow();

                assertThat(failure(future, TaskTimeoutException.class).timeout())
                        .isEqualTo(DEADLINE);

                Faults.awaitGone(pid);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.plus(PROMPT));
            }
            Faults.expectFullStrength(pool, Signal.in(folder, "together"));
        }
    }

    @Test
    void cancelLoopThatSwallowsEverything() {
        try (ProcessPoolExecutor pool = pool(2)) {
            for (int i = 0; i < Faults.repeated(3); i++) {
                Signal started = Signal.in(folder, "started" + i);
                PoolFuture<Integer> future = pool.submit(() -> Faults.swallowEverything(started));
                started.expect();
                long pid = future.workerPid().orElseThrow();
                assertThat(future.status()).isEqualTo(PoolFuture.Status.RUNNING);
                long start = System.nanoTime();

                assertThat(future.cancel(true)).isTrue();

                failure(future, CancellationException.class);
                Faults.awaitGone(pid);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
            }
            Faults.expectFullStrength(pool, Signal.in(folder, "together"));
        }
    }

    @Test
    void theClockStartsWithTheTaskAndNotWithSubmit() {
        try (ProcessPoolExecutor pool = pool(1)) {
            Signal go = Signal.in(folder, "go");
            PoolFuture<Integer> first = pool.submit(() -> Faults.await(go));
            PoolFuture<Integer> second =
                    pool.with(TaskOptions.defaults().timeout(DEADLINE)).submit(() -> 42);
            await().pollDelay(DEADLINE.multipliedBy(3)).until(() -> true);
            go.raise();

            value(first);
            assertThat(value(second)).isEqualTo(42);
        }
    }

    @Test
    void deadlineInASaturatedPoolHasOneVictim() {
        try (ProcessPoolExecutor pool = pool(2)) {
            Signal started = Signal.in(folder, "started");
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                int n = i;
                futures.add(
                        i == 700
                                ? pool.with(TaskOptions.defaults().timeout(DEADLINE))
                                        .submit(() -> Faults.swallowEverything(started))
                                : pool.submit(() -> n));
            }
            for (int i = 0; i < 2000; i++) {
                if (i == 700) {
                    failure(futures.get(i), TaskTimeoutException.class);
                } else {
                    assertThat(value(futures.get(i))).isEqualTo(i);
                }
            }
        }
    }

    @Test
    void taskTimeoutIsForAllTasks() {
        try (ProcessPoolExecutor pool = quiet(1).taskTimeout(DEADLINE).build()) {
            TaskTimeoutException late = failure(pool.submit(Faults::sleepForEver), TaskTimeoutException.class);

            assertThat(late).hasMessageContaining("it ran longer than its timeout, 500 ms");
        }
    }

    @Test
    void timeOutsAreRetriedAsAskedFor() {
        Signal tries = Signal.in(folder, "tries");
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.with(
                            TaskOptions.defaults().timeout(DEADLINE).retries(1))
                    .submit(() -> {
                        tries.raise();
                        return Faults.sleepForEver();
                    });

            assertThat(failure(future, TaskTimeoutException.class))
                    .hasMessageContaining("taken 2 workers")
                    .satisfies(late -> assertThat(late.getSuppressed()).hasSize(1));
            assertThat(tries.count()).isEqualTo(2);
        }
    }

    @Test
    void cancelQueued() {
        Signal ran = Signal.in(folder, "ran");
        Signal go = Signal.in(folder, "go");
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> running = pool.submit(() -> Faults.await(go));
            List<PoolFuture<Void>> queued = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                queued.add(pool.submit(ran::raise));
            }
            await().until(() -> running.status() == PoolFuture.Status.RUNNING);

            for (int i = 0; i < 50; i += 2) {
                assertThat(queued.get(i).cancel(i % 4 == 0)).isTrue();
            }
            go.raise();
            value(running);
            for (int i = 1; i < 50; i += 2) {
                value(queued.get(i));
            }
            assertThat(ran.count()).isEqualTo(25);
            assertThat(pool.stats().cancelled()).isEqualTo(25);
            assertThat(pool.stats().workersCrashed()).isZero();
        }
    }

    @Test
    void cancelWithoutInterruptLetsTheTaskFinish() {
        Signal go = Signal.in(folder, "go");
        Signal finished = Signal.in(folder, "finished");
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Void> future = pool.submit(() -> {
                Faults.await(go);
                finished.raise();
            });
            await().until(() -> future.status() == PoolFuture.Status.RUNNING);
            long pid = future.workerPid().orElseThrow();

            assertThat(future.cancel(false)).isTrue();
            go.raise();

            finished.expect();
            assertThat(value(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(pid);
        }
    }

    @Test
    void cancelOfAQueuedTaskMakesRoomForAnother() throws Exception {
        Signal go = Signal.in(folder, "go");
        try (ProcessPoolExecutor pool =
                quiet(1).queueCapacity(1).maxTasksPerWorker(1).build()) {
            PoolFuture<Integer> running = pool.submit(() -> Faults.await(go));
            await().until(() -> running.status() == PoolFuture.Status.RUNNING);
            PoolFuture<Integer> queued = pool.submit(() -> 1);
            List<PoolFuture<Integer>> blocked = new java.util.concurrent.CopyOnWriteArrayList<>();
            Thread submitter = new Thread(() -> blocked.add(pool.submit(() -> 2)));
            submitter.start();
            await().until(() -> submitter.getState() == Thread.State.WAITING);

            queued.cancel(false);

            submitter.join(Limits.LONG.toMillis());
            assertThat(blocked).hasSize(1);
            go.raise();
            assertThat(value(blocked.get(0))).isEqualTo(2);
        }
    }

    @Test
    void submitBlockedByAFullQueueCanBeInterrupted() throws Exception {
        Signal go = Signal.in(folder, "go");
        try (ProcessPoolExecutor pool =
                quiet(1).queueCapacity(1).maxTasksPerWorker(1).build()) {
            PoolFuture<Integer> running = pool.submit(() -> Faults.await(go));
            await().until(() -> running.status() == PoolFuture.Status.RUNNING);
            PoolFuture<Integer> queued = pool.submit(() -> 1);
            List<Throwable> thrown = new java.util.concurrent.CopyOnWriteArrayList<>();
            Thread submitter = new Thread(() -> {
                try {
                    pool.submit(() -> 2);
                } catch (RuntimeException e) {
                    thrown.add(e);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
            });
            submitter.start();
            await().until(() -> submitter.getState() == Thread.State.WAITING);

            submitter.interrupt();

            submitter.join(Limits.LONG.toMillis());
            assertThat(thrown)
                    .singleElement()
                    .isInstanceOf(java.util.concurrent.RejectedExecutionException.class)
                    .asString()
                    .contains("interrupted while the pool's waiting line was full");
            go.raise();
            assertThat(value(queued)).isEqualTo(1);
        }
    }

    @Test
    void frozenWorker() {
        try (ProcessPoolExecutor pool =
                quiet(2).heartbeatTimeout(Duration.ofMillis(800)).build()) {
            List<PoolFuture<Integer>> others = new ArrayList<>();
            PoolFuture<Integer> frozen = pool.submit(() -> Faults.signalItself("STOP"));
            for (int i = 0; i < 500; i++) {
                int n = i;
                others.add(pool.submit(() -> n));
            }

            WorkerCrashedException crash = failure(frozen, WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.UNRESPONSIVE);
            assertThat(crash).hasMessageContaining("heartbeatTimeout");
            for (int i = 0; i < 500; i++) {
                assertThat(value(others.get(i))).isEqualTo(i);
            }
        }
    }

    @Test
    void frozenIdleWorkerIsReplaced() {
        try (ProcessPoolExecutor pool =
                quiet(1).heartbeatTimeout(Duration.ofMillis(800)).build()) {
            long pid = value(pool.submit(() -> ProcessHandle.current().pid()));
            Faults.freeze(pid);

            PoolFuture<Long> behind = pool.submit(() -> ProcessHandle.current().pid());

            assertThat(value(behind)).isNotEqualTo(pid);
        }
    }

    @Test
    void cancelFrozenWorker() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> frozen = pool.submit(() -> Faults.signalItself("STOP"));
            await().until(() -> frozen.status() == PoolFuture.Status.RUNNING);
            long pid = frozen.workerPid().orElseThrow();

            frozen.cancel(true);

            Faults.awaitGone(pid);
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void cancelRacesWithCompletion() {
        try (ProcessPoolExecutor pool = pool(2)) {
            int cancelled = 0;
            int done = 0;
            for (int i = 0; i < Faults.repeated(300); i++) {
                int n = i;
                List<PoolFuture<Integer>> futures = new ArrayList<>();
                for (int j = 0; j < 20; j++) {
                    futures.add(pool.submit(() -> n));
                }
                for (PoolFuture<Integer> future : futures) {
                    if (future.cancel(n % 10 == 0)) {
                        cancelled++;
                    } else {
                        assertThat(value(future)).isEqualTo(n);
                        done++;
                    }
                }
            }
            Faults.expectFullStrength(pool, Signal.in(folder, "together"));
            assertThat(pool.stats().cancelled()).isEqualTo(cancelled);
            assertThat(pool.stats().completed()).isEqualTo(done + 2);
            assertThat(pool.stats().failed()).isZero();
        }
    }
}
