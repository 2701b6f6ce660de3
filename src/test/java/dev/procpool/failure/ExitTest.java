package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker that has begun to exit, and isn't over yet: its shutdown hooks may take long, or for ever. */
@ExtendWith(LeakCheck.class)
class ExitTest {
    private static final Object LOCK = new Object();
    /** What the failure table promises. */
    private static final Duration PROMISED = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    /** For ever, since the one who waits for the exit holds what the hook waits for. */
    private static int exitInDeadlock(int code) {
        hookThatNeedsTheLock();
        synchronized (LOCK) {
            System.exit(code);
        }
        return code;
    }

    private static void hookThatNeedsTheLock() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            synchronized (LOCK) {
                System.out.println("never");
            }
        }));
    }

    /** On a thread that the task leaves behind, once {@code go} is raised; the hook waits for {@code end}. */
    private static long exitAfterwards(Signal go, Signal inHook, Signal end) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            inHook.raise();
            Faults.await(end);
        }));
        Thread stray = new Thread(() -> {
            Faults.await(go);
            System.exit(7);
        });
        stray.setDaemon(true);
        stray.start();
        return ProcessHandle.current().pid();
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static void expectEnd(PoolFuture<?> future, ProcessPoolExecutor pool) {
        assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        Faults.awaitGone(future.workerPid().orElseThrow());
        assertThat(pool.stats().workersCrashed()).isEqualTo(1);
    }

    @Test
    void exitWhoseHookWaitsForALockOfTheTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            value(pool.submit(() -> 1));
            long start = System.nanoTime();
            PoolFuture<Integer> future = pool.submit(() -> exitInDeadlock(3));

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Faults.bound(PROMISED));
            assertThat(crash.reason()).isEqualTo(Reason.EXIT);
            assertThat(crash.exitCode())
                    .as("nobody knows the code that was asked for")
                    .isEmpty();
            assertThat(crash.signal()).isEmpty();
            assertThat(crash).hasMessageContaining("shutdown hooks did not come to an end");
            expectEnd(future, pool);
        }
    }

    @Test
    void sigtermWhoseHookWaitsForALockOfTheTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                hookThatNeedsTheLock();
                synchronized (LOCK) {
                    return Faults.signalItself("TERM");
                }
            });

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.SIGNAL);
            assertThat(crash.signal()).hasValue("SIGTERM");
            assertThat(crash).hasMessageContaining("was killed after SIGTERM (its shutdown hooks");
            expectEnd(future, pool);
        }
    }

    @Test
    void exitInTheInitializerWhoseHookWaitsForEver() {
        try (ProcessPoolExecutor pool =
                Faults.quiet(1).initializer(() -> exitInDeadlock(3)).build()) {
            assertThat(failure(pool.submit(() -> 1), Exception.class))
                    .hasMessageContaining("its shutdown hooks did not come to an end");
        }
    }

    @Test
    void hookThatTakesASecondComesToItsEnd() {
        Signal ended = Signal.in(folder, "ended");
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    Faults.sleep(Duration.ofSeconds(1));
                    ended.raise();
                }));
                return Faults.exit(9);
            });

            assertThat(failure(future, WorkerCrashedException.class).exitCode()).hasValue(9);
            assertThat(ended.isRaised()).isTrue();
        }
    }

    /** The worker would run it, and take it along when its hooks are done. */
    @Test
    void exitOfAStrayThreadTakesNoOtherTask() {
        for (int round = 0; round < Faults.repeated(3); round++) {
            Signal go = Signal.in(folder, "go" + round);
            Signal inHook = Signal.in(folder, "hook" + round);
            Signal end = Signal.in(folder, "end" + round);
            try (ProcessPoolExecutor pool = pool(1)) {
                long leaving = value(pool.submit(() -> exitAfterwards(go, inHook, end)));
                go.raise();
                inHook.expect();

                List<PoolFuture<Long>> next = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    next.add(pool.submit(ExitTest::pid));
                }

                next.forEach(future -> assertThat(value(future)).isNotEqualTo(leaving));
                assertThat(Faults.isAlive(leaving))
                        .as("the replacement has not waited for its end")
                        .isTrue();
                end.raise();
                Faults.awaitGone(leaving);
            }
        }
    }

    @Test
    void callsThatWaitBehindTheTaskGoElsewhereWhenItsWorkerExits() {
        Signal go = Signal.in(folder, "go");
        Signal inHook = Signal.in(folder, "hook");
        Signal never = Signal.in(folder, "never");
        try (ProcessPoolExecutor pool = pool(1)) {
            value(pool.submit(() -> 1));
            PoolFuture<Integer> victim = pool.submit(() -> {
                exitAfterwards(go, inHook, never);
                return Faults.sleepForEver();
            });
            List<PoolFuture<Integer>> behind = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int n = i;
                behind.add(pool.submit(() -> n));
            }
            go.raise();

            for (int i = 0; i < behind.size(); i++) {
                assertThat(value(behind.get(i))).isEqualTo(i);
            }
            assertThat(failure(victim, WorkerCrashedException.class).reason()).isEqualTo(Reason.EXIT);
            assertThat(pool.stats().workersCrashed()).isEqualTo(1);
        }
    }

    /** Exits at any time: each costs at most the task that was running. */
    @Test
    void exitsOfStrayThreadsAmongTinyTasks() {
        int count = 20_000;
        try (ProcessPoolExecutor pool = pool(2)) {
            String starts = folder.resolve("starts").toString();
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            int exits = 10;
            for (int i = 0; i < count; i++) {
                int n = i;
                boolean stray = i % (count / exits) == count / exits / 2;
                futures.add(pool.submit(() -> {
                    if (stray) {
                        new Thread(() -> System.exit(1)).start();
                    }
                    return Starts.count(starts, n, false);
                }));
            }
            int lost = 0;
            for (PoolFuture<Integer> future : futures) {
                Throwable thrown = catchThrowable(() -> future.get(Limits.LONG.toSeconds(), TimeUnit.SECONDS));
                assertThat(thrown == null || thrown.getCause() instanceof WorkerCrashedException)
                        .isTrue();
                lost += thrown == null ? 0 : 1;
            }
            assertThat(lost).isLessThanOrEqualTo(exits);
            assertThat(Arrays.stream(Starts.of(starts, count)).max())
                    .as("how often each was started")
                    .hasValue(1);
        }
    }

    @Test
    void closeKillsAnIdleWorkerWhoseHookNeverEnds() throws Exception {
        Signal go = Signal.in(folder, "go");
        Signal inHook = Signal.in(folder, "hook");
        Signal never = Signal.in(folder, "never");
        ProcessPoolExecutor pool = pool(1);
        long leaving = value(pool.submit(() -> exitAfterwards(go, inHook, never)));
        go.raise();
        inHook.expect();

        pool.shutdown();

        assertThat(pool.awaitTermination(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(Faults.isAlive(leaving)).isFalse();
    }
}
