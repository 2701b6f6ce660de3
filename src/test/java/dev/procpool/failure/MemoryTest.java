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
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers that run out of memory, of stack, or take too much. */
@ExtendWith(LeakCheck.class)
class MemoryTest {
    private static final List<ByteBuffer> HOARD = new ArrayList<>();

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
