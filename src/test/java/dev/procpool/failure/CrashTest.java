package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LeakCheck;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worker dies while it runs a task: one crash, one victim. */
@ExtendWith(LeakCheck.class)
class CrashTest {
    @TempDir
    Path folder;

    @Test
    void haltInTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future =
                    pool.with(TaskOptions.defaults().label("the victim")).submit(() -> Faults.halt(17));

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.EXIT);
            assertThat(crash.exitCode()).hasValue(17);
            assertThat(crash.signal()).isEmpty();
            assertThat(crash.pid()).isEqualTo(future.workerPid().orElseThrow());
            assertThat(crash).hasMessageContaining("exit code 17").hasMessageContaining("\"the victim\"");
            Faults.expectFullStrength(pool, Signal.in(folder, "together"));
        }
    }

    @Test
    void exitInTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            WorkerCrashedException crash = failure(pool.submit(() -> Faults.exit(0)), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.EXIT);
            assertThat(crash.exitCode()).hasValue(0);
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            assertThat(pool.stats().workersCrashed()).isEqualTo(1);
        }
    }

    @Test
    void exitInThreadOfTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                new Thread(() -> System.exit(5)).start();
                return Faults.sleepForEver();
            });

            assertThat(failure(future, WorkerCrashedException.class).exitCode()).hasValue(5);
        }
    }

    @Test
    void exitWithCode137IsNoSignal() {
        try (ProcessPoolExecutor pool = pool(1)) {
            WorkerCrashedException crash = failure(pool.submit(() -> Faults.exit(137)), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.EXIT);
            assertThat(crash.exitCode()).hasValue(137);
            assertThat(crash.signal()).isEmpty();
        }
    }

    /** The system reports 255, which is beyond all signals. */
    @Test
    void haltWithCodeMinusOneIsNoSignal() {
        try (ProcessPoolExecutor pool = pool(1)) {
            WorkerCrashedException crash = failure(pool.submit(() -> Faults.halt(-1)), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.EXIT);
            assertThat(crash.exitCode()).hasValue(255);
            assertThat(crash.signal()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM", "ALRM", "ABRT"}) // not HUP: under nohup nobody dies of it
    void killedBySignal(String signal) {
        try (ProcessPoolExecutor pool = quiet(1).workingDirectory(folder).build()) {
            WorkerCrashedException crash =
                    failure(pool.submit(() -> Faults.signalItself(signal)), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.SIGNAL);
            assertThat(crash.signal()).hasValue("SIG" + signal);
            assertThat(crash.exitCode()).isEmpty();
            if (signal.equals("KILL")) {
                assertThat(crash).hasMessageContaining("probably the kernel's out-of-memory killer");
            }
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void segfault() {
        try (ProcessPoolExecutor pool = quiet(1).workingDirectory(folder).build()) {
            WorkerCrashedException crash =
                    failure(pool.submit(() -> Faults.signalItself("SEGV")), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.SIGNAL);
            assertThat(crash.signal()).hasValue("SIGSEGV");
            assertThat(crash.errorFile())
                    .hasValueSatisfying(file -> assertThat(folder.resolve(file)).exists());
            assertThat(crash).hasMessageContaining("SIGSEGV").hasMessageContaining("hs_err_pid");
        }
    }

    @Test
    void lastWordsArePartOfTheMessage() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                System.err.println("a line");
                System.err.print("and one without an end");
                return Faults.halt(1);
            });

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(crash.stderrTail()).isEqualTo("a line\nand one without an end");
            assertThat(crash).hasMessageContaining("a line").hasMessageContaining("and one without an end");
        }
    }

    /** Windows full of tiny tasks: exactly those that halt fail, and nothing runs twice. */
    @Test
    void haltInTwentyOfTenThousandTinyTasks() {
        int count = 10_000;
        try (ProcessPoolExecutor pool = pool(2)) {
            String starts = folder.resolve("starts").toString();
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int n = i;
                futures.add(pool.submit(() -> Starts.count(starts, n, n % 500 == 250)));
            }
            int failed = 0;
            for (int i = 0; i < count; i++) {
                if (i % 500 == 250) {
                    assertThat(failure(futures.get(i), WorkerCrashedException.class)
                                    .exitCode())
                            .hasValue(3);
                    failed++;
                } else {
                    assertThat(value(futures.get(i))).isEqualTo(i);
                }
            }
            assertThat(failed).isEqualTo(20);
            assertThat(Starts.of(starts, count))
                    .as("how often each was started")
                    .containsOnly(1);
            assertThat(pool.stats().workersCrashed()).isEqualTo(20);
            assertThat(pool.stats().completed()).isEqualTo(count - 20);
            assertThat(pool.stats().failed()).isEqualTo(20);
        }
    }

    @Test
    void killedFromOutsideInASaturatedPool() {
        try (ProcessPoolExecutor pool = pool(2)) {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                int n = i;
                futures.add(pool.with(TaskOptions.defaults().retries(20)).submit(() -> n));
                if (i % 500 == 499) {
                    pool.workers().forEach(worker -> Faults.run("kill", "-9", Long.toString(worker.pid())));
                }
            }
            for (int i = 0; i < futures.size(); i++) {
                assertThat(value(futures.get(i))).isEqualTo(i);
            }
        }
    }

    @Test
    void poisonIsNamedAsSuch() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future =
                    pool.with(TaskOptions.defaults().retries(2).label("poison")).submit(() -> Faults.halt(9));

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(crash).hasMessageContaining("poison").hasMessageContaining("it has taken 3 workers with it");
            assertThat(crash.getSuppressed())
                    .hasSize(2)
                    .allSatisfy(earlier -> assertThat(earlier)
                            .isInstanceOf(WorkerCrashedException.class)
                            .hasMessageContaining("exit code 9"));
            assertThat(pool.stats().retried()).isEqualTo(2);
        }
    }

    @Test
    void retryAfterCrash() {
        Signal tries = Signal.in(folder, "tries");
        try (ProcessPoolExecutor pool = pool(2)) {
            PoolFuture<Long> future = pool.with(TaskOptions.defaults().retries(3))
                    .submit(() -> {
                        tries.raise();
                        return tries.count() < 3 ? (long) Faults.halt(1) : tries.count();
                    });

            assertThat(value(future)).isEqualTo(3);
        }
    }

    @Test
    void aWorkerForEachTask() {
        try (ProcessPoolExecutor pool = quiet(2).maxTasksPerWorker(1).build()) {
            List<PoolFuture<Long>> futures = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                boolean crash = i % 3 == 1;
                futures.add(pool.submit(
                        () -> crash ? Faults.halt(1) : ProcessHandle.current().pid()));
            }
            List<Long> pids = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                if (i % 3 == 1) {
                    failure(futures.get(i), WorkerCrashedException.class);
                } else {
                    pids.add(value(futures.get(i)));
                }
            }
            assertThat(pids).hasSize(4).doesNotHaveDuplicates();
        }
    }

    @Test
    void crashWithLargeArgumentInFlight() {
        byte[] large = new byte[200 << 20];
        large[large.length - 1] = 7;
        try (ProcessPoolExecutor pool = quiet(2).heapSize(700L << 20).build()) {
            PoolFuture<Integer> bystander = pool.submit(() -> 1);
            PoolFuture<Integer> future = pool.submit(() -> Faults.halt(large[0] + 4));

            assertThat(failure(future, WorkerCrashedException.class).exitCode()).hasValue(4);
            assertThat(value(bystander)).isEqualTo(1);
            assertThat(value(pool.submit(() -> (int) large[large.length - 1]))).isEqualTo(7);
        }
    }

    @Test
    void crashWithLargeResultInFlight() {
        try (ProcessPoolExecutor pool = quiet(1).heapSize(500L << 20).build()) {
            PoolFuture<byte[]> future = pool.submit(() -> {
                Thread killer = new Thread(() -> Faults.haltAfter(Duration.ofMillis(30)));
                byte[] large = new byte[200 << 20];
                killer.start();
                return large;
            });

            // It may have been quick enough; then it is whole.
            try {
                assertThat(future.get()).hasSize(200 << 20);
            } catch (Exception e) {
                assertThat(e).hasCauseInstanceOf(WorkerCrashedException.class);
            }
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    /** Nothing that rests on the control block works any more, deadlines included: it has to be noticed. */
    @Test
    void garbageInTheControlBlock() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                try (RandomAccessFile block = new RandomAccessFile("/dev/fd/5", "rw")) {
                    byte[] garbage = new byte[(int) block.length()];
                    new Random(1).nextBytes(garbage);
                    block.write(garbage);
                }
                return Faults.sleepForEver();
            });

            assertThat(failure(future, WorkerCrashedException.class).reason()).isEqualTo(Reason.PROTOCOL);
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void garbageOnThePipe() {
        try (ProcessPoolExecutor pool = pool(1)) {
            WorkerCrashedException crash =
                    failure(pool.submit(() -> Faults.writeToPipe("Hello, \1world")), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.PROTOCOL);
            assertThat(crash).hasMessageContaining("\"Hello, \\x01world\"");
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }
}
