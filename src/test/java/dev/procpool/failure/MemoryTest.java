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
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that run out of memory, of stack, or take too much. */
@ExtendWith(LeakCheck.class)
class MemoryTest {
    private static final List<ByteBuffer> HOARD = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void outOfMemoryInTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long pid = value(pool.submit(() -> ProcessHandle.current().pid()));

            Throwable thrown = failure(pool.submit(Faults::fillHeap), Throwable.class);

            if (thrown instanceof WorkerCrashedException crash) {
                assertThat(crash.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            } else {
                assertThat(thrown).isInstanceOf(OutOfMemoryError.class);
            }
            assertThat(value(pool.submit(() -> ProcessHandle.current().pid()))).isNotEqualTo(pid);
        }
    }

    @Test
    void outOfMemoryInThreadOfTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                new Thread(Faults::fillHeap).start();
                return Faults.sleepForEver();
            });

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            assertThat(crash).hasMessageContaining("ran out of memory").hasMessageContaining("heapSize");
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    /** The next task finds another worker, which the pool counts as a crash. */
    private static void expectReplacement(ProcessPoolExecutor pool, long before) {
        assertThat(value(pool.submit(MemoryTest::pid))).isNotEqualTo(before);
        assertThat(pool.stats().workersCrashed()).isEqualTo(1);
    }

    private static void fillHeapInAThread(Consumer<Runnable> run) {
        CountDownLatch full = new CountDownLatch(1);
        run.accept(() -> {
            try {
                Faults.fillHeap();
            } finally {
                full.countDown();
            }
        });
        try {
            full.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void outOfMemoryWrappedInAnExecutionException() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(MemoryTest::pid));

            Throwable thrown = failure(
                    pool.submit(() -> {
                        FutureTask<Integer> part = new FutureTask<>(Faults::fillHeap);
                        part.run();
                        return part.get();
                    }),
                    Throwable.class);

            assertThat(thrown).isInstanceOf(ExecutionException.class).hasRootCauseInstanceOf(OutOfMemoryError.class);
            expectReplacement(pool, before);
        }
    }

    @Test
    void outOfMemoryAmongSuppressedExceptions() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(MemoryTest::pid));

            failure(
                    pool.submit(() -> {
                        IllegalStateException thrown = new IllegalStateException("on purpose", new RuntimeException());
                        thrown.getCause().addSuppressed(new Exception(new OutOfMemoryError("of another thread")));
                        throw thrown;
                    }),
                    IllegalStateException.class);

            expectReplacement(pool, before);
        }
    }

    /** Its cause is its cause's cause. */
    @Test
    void exceptionsInACircleAreNoLackOfMemory() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(MemoryTest::pid));

            failure(
                    pool.submit(() -> {
                        Exception inner = new Exception("inner");
                        Exception outer = new Exception("outer", inner);
                        inner.initCause(outer);
                        inner.addSuppressed(outer);
                        throw outer;
                    }),
                    Throwable.class);

            assertThat(value(pool.submit(MemoryTest::pid))).isEqualTo(before);
        }
    }

    @Test
    void outOfMemoryInAThreadWithAHandlerOfItsOwn() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(() -> {
                fillHeapInAThread(part -> {
                    Thread thread = new Thread(part);
                    thread.setUncaughtExceptionHandler((who, thrown) -> {});
                    thread.start();
                });
                return pid();
            }));

            expectReplacement(pool, before);
        }
    }

    @Test
    void outOfMemoryInTheTasksOwnExecutorWhoseFutureNobodyAsks() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(() -> {
                ExecutorService own = Executors.newSingleThreadExecutor();
                fillHeapInAThread(own::submit);
                own.shutdown();
                return pid();
            }));

            expectReplacement(pool, before);
        }
    }

    @Test
    void outOfMemoryInAThreadThatATaskHasLeftBehind() {
        Signal go = Signal.in(folder, "go");
        Signal full = Signal.in(folder, "full");
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(() -> {
                Thread stray = new Thread(() -> {
                    Faults.await(go);
                    try {
                        Faults.fillHeap();
                    } catch (OutOfMemoryError e) {
                        full.raise();
                    }
                });
                stray.setDaemon(true);
                stray.start();
                return pid();
            }));
            go.raise();
            full.expect();

            expectReplacement(pool, before);
        }
    }

    @Test
    void outOfMemoryThatTheTaskHasCaught() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(() -> {
                try {
                    return (long) Faults.fillHeap();
                } catch (OutOfMemoryError e) {
                    return pid();
                }
            }));

            expectReplacement(pool, before);
        }
    }

    /** No other thread can have met this error. */
    @Test
    void arrayBeyondTheLimitThatTheTaskHasCaught() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long before = value(pool.submit(() -> {
                try {
                    return (long) new int[Integer.MAX_VALUE].length;
                } catch (OutOfMemoryError e) {
                    return pid();
                }
            }));

            assertThat(value(pool.submit(MemoryTest::pid))).isEqualTo(before);
        }
    }

    @Test
    void outOfMemoryInTheExecutorOfAnItemOfMap() {
        try (ProcessPoolExecutor pool = pool(1)) {
            List<Long> pids = pool.map(
                            n -> {
                                if (n == 50) {
                                    ExecutorService own = Executors.newSingleThreadExecutor();
                                    fillHeapInAThread(own::submit);
                                    own.shutdown();
                                }
                                return pid();
                            },
                            IntStream.range(0, 100).boxed().toList())
                    .toList();

            assertThat(pids).hasSize(100);
            assertThat(pids.subList(0, 51)).containsOnly(pids.get(0));
            assertThat(pids.subList(51, 100)).doesNotContain(pids.get(0));
        }
    }

    @Test
    void initializerThatFillsTheHeapForAMoment() {
        try (ProcessPoolExecutor pool =
                quiet(1).initializer(() -> assertThatOutOfMemory()).build()) {
            assertThat(value(pool.submit(MemoryTest::pid))).isEqualTo(value(pool.submit(MemoryTest::pid)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+CrashOnOutOfMemoryError",
                "-XX:OnOutOfMemoryError=kill -9 %p"
            })
    void outOfMemoryThatAnOptionOfTheJvmActsOn(String option) {
        try (ProcessPoolExecutor pool =
                quiet(1).workingDirectory(folder).jvmArgs(option).build()) {
            long before = value(pool.submit(MemoryTest::pid));

            WorkerCrashedException crash = failure(pool.submit(Faults::fillHeap), WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            assertThat(crash).hasMessageContaining("ran out of memory").hasMessageContaining("heapSize");
            expectReplacement(pool, before);
        }
    }

    @Test
    void stackOverflow() {
        try (ProcessPoolExecutor pool = pool(1)) {
            long pid = value(pool.submit(() -> ProcessHandle.current().pid()));

            failure(pool.submit(() -> overflow(0)), StackOverflowError.class);

            assertThat(value(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(pid);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    void anyOtherError() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> future = pool.submit(() -> {
                throw new LinkageError("on purpose");
            });

            assertThat(failure(future, LinkageError.class)).hasMessage("on purpose");
            assertThat(pool.stats().workersCrashed()).isZero();
        }
    }

    @Test
    void nativeMemoryFarBeyondMaxWorkerMemory() {
        try (ProcessPoolExecutor pool = quiet(1).maxWorkerMemory(200 << 20)
                .jvmArgs("-XX:MaxDirectMemorySize=2g")
                .build()) {
            PoolFuture<Integer> future = pool.submit(() -> {
                hoard(240); // over the limit: the worker is to retire after this task …
                Thread.sleep(500);
                hoard(400); // … which then goes far over it
                return Faults.sleepForEver();
            });

            WorkerCrashedException crash = failure(future, WorkerCrashedException.class);

            assertThat(crash.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            assertThat(crash).hasMessageContaining("maxWorkerMemory is 200 MB");
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void nativeMemoryALittleBeyondMaxWorkerMemory() {
        try (ProcessPoolExecutor pool = quiet(1).maxWorkerMemory(300 << 20)
                .jvmArgs("-XX:MaxDirectMemorySize=2g")
                .build()) {
            long pid = value(pool.submit(() -> {
                hoard(270);
                return ProcessHandle.current().pid();
            }));

            await("a new worker")
                    .atMost(Limits.LONG)
                    .until(() -> pool.workers().stream().noneMatch(worker -> worker.pid() == pid));
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            assertThat(pool.stats().workersRecycled()).isEqualTo(1);
            assertThat(pool.stats().workersCrashed()).isZero();
        }
    }

    private static void assertThatOutOfMemory() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(Faults::fillHeap))
                .isInstanceOf(OutOfMemoryError.class);
    }

    private static void hoard(int megabytes) {
        for (int i = 0; i < megabytes; i++) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < buffer.capacity(); at += 4096) {
                buffer.put(at, (byte) 1);
            }
            HOARD.add(buffer);
        }
    }
}
