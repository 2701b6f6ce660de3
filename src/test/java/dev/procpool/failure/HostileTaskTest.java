package dev.procpool.failure;

import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks that leave a mess behind, and what a pool itself leaves behind: nothing. */
@ExtendWith(LeakCheck.class)
class HostileTaskTest {
    @Test
    void taskThatInterruptsEverythingItFinds() {
        try (ProcessPoolExecutor pool = pool(1)) {
            for (int i = 0; i < 5; i++) {
                value(pool.submit(() -> Thread.getAllStackTraces().keySet().forEach(Thread::interrupt)));
                assertThat(value(pool.submit(() -> Thread.currentThread().isInterrupted())))
                        .isFalse();
            }
            assertThat(pool.stats().workersCrashed()).isZero();
        }
    }

    @Test
    void taskThatChangesItsThread() {
        try (ProcessPoolExecutor pool = pool(1)) {
            ClassLoader loader = value(pool.submit(() -> Thread.currentThread().getContextClassLoader() == null))
                    ? null
                    : getClass().getClassLoader();
            value(pool.submit(() -> Thread.currentThread().setContextClassLoader(null)));
            boolean isNull = value(pool.submit(() -> Thread.currentThread().getContextClassLoader() == null));
            assertThat(isNull).isEqualTo(loader == null);
        }
    }

    @Test
    void taskThatLeavesANonDaemonThread() {
        try (ProcessPoolExecutor pool = pool(1)) {
            value(pool.submit(() -> new Thread(Faults::sleepForEver).start()));
        } // close returns, and LeakCheck finds no process
    }

    @Test
    void grandchildrenDieWithTheirWorker() {
        List<Long> pids = new ArrayList<>();
        try (ProcessPoolExecutor pool = pool(1)) {
            pids.add(grandchild(pool, "exec sleep 1000"));
            pids.add(grandchild(pool, "setsid sleep 1000 & echo $! ; sleep 0.1"));
            pids.add(grandchild(pool, "nohup sleep 1000 > /dev/null 2>&1 & echo $!"));
            PoolFuture<Integer> victim = pool.submit(() -> Faults.halt(1));
            Faults.failure(victim, dev.procpool.WorkerCrashedException.class);
            pids.forEach(Faults::awaitGone);

            long another = grandchild(pool, "exec sleep 1000");
            PoolFuture<Integer> running = pool.submit(Faults::sleepForEver);
            await().until(() -> running.status() == PoolFuture.Status.RUNNING);
            running.cancel(true);
            Faults.awaitGone(another);

            pids.add(grandchild(pool, "setsid sleep 1000 > /dev/null & echo $!"));
        }
        pids.forEach(Faults::awaitGone);
    }

    private static long grandchild(ProcessPoolExecutor pool, String script) {
        return value(pool.submit(() -> {
            Process process = new ProcessBuilder("sh", "-c", script)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (script.startsWith("exec")) {
                return process.pid();
            }
            byte[] line = new byte[20];
            int count = process.getInputStream().read(line);
            return Long.parseLong(new String(line, 0, count, java.nio.charset.StandardCharsets.US_ASCII).trim());
        }));
    }

    @Test
    void descriptorsAndThreadsAreBackWhereTheyWere() {
        use();
        long before = descriptors();
        for (int i = 0; i < Faults.repeated(3); i++) {
            use();
        }
        await().atMost(Limits.LONG).untilAsserted(() -> {
            assertThat(descriptors()).isLessThanOrEqualTo(before);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("procpool"));
        });
    }

    private static void use() {
        try (ProcessPoolExecutor pool = pool(2)) {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int n = i;
                futures.add(pool.submit(() -> n == 50 ? Faults.halt(1) : n));
            }
            futures.forEach(future -> future.exceptionally(e -> -1).join());
            futures.get(99).cancel(true);
        }
    }

    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
