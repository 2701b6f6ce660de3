package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.os.ProcessTree;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many tasks lie in a worker's window ahead of their time. None of them may wait for a long one that came before it. */
@ExtendWith(LeakCheck.class)
class StrandedTasksTest {
    private static final int WINDOW = 1024;

    @TempDir
    Path folder;

    @Test
    void goToTheOtherWorkerWhenThatIsIdle() throws Exception {
        Signal release = Signal.in(folder, "release");
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2)) {
            makeWindowsDeep(pool);
            PoolFuture<Integer> slow = submitSlow(pool, release);

            for (Future<Integer> each : submitTiny(pool, 3 * WINDOW)) {
                assertThat(each.get()).isEqualTo(1);
            }

            assertThat(slow.isDone()).isFalse();
            release.raise();
            assertThat(slow.get()).isEqualTo(2);
        }
    }

    /** A worker that always finds something in the waiting line never looks into the windows of others. */
    @Test
    void goBackToTheLineWhenTheOtherWorkerIsNeverIdle() throws Exception {
        Signal release = Signal.in(folder, "release");
        try (ProcessPoolExecutor pool =
                ProcessPoolExecutor.builder().workers(2).queueCapacity(20_000).build()) {
            makeWindowsDeep(pool);
            PoolFuture<Integer> slow = submitSlow(pool, release);
            CompletableFuture<Void> early =
                    CompletableFuture.allOf(submitTiny(pool, 3 * WINDOW).toArray(CompletableFuture[]::new));
            while (!early.isDone()) { // the test's time limit ends this if they are stranded
                submitTiny(pool, WINDOW);
            }

            assertThat(slow.isDone()).isFalse();
            release.raise();
            assertThat(slow.get()).isEqualTo(2);
        }
    }

    /** Tasks that are taken back take back with them what they had to tell the worker, and nothing else. */
    @Test
    void workersRememberWhatTheyWereTold() throws Exception {
        Signal decoded = Signal.in(folder, "decoded");
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2);
                Shared<Counted> shared = pool.share(new Counted(decoded))) {
            makeWindowsDeep(pool);
            for (int round = 1; round <= 3; round++) {
                PoolFuture<Integer> slow = submitSlow(pool, Signal.in(folder, "release" + round));
                List<PoolFuture<Integer>> users = new ArrayList<>();
                for (int i = 0; i < 3 * WINDOW; i++) {
                    users.add(pool.submit(() -> shared.get().one()));
                }
                for (PoolFuture<Integer> each : users) {
                    assertThat(each.get()).isEqualTo(1);
                }
                Signal.in(folder, "release" + round).raise();
                assertThat(slow.get()).isEqualTo(2);
            }

            assertThat(decoded.count()).isBetween(1L, 2L);
        }
    }

    /** Tells each time that it is rebuilt. */
    private record Counted(Signal decoded) implements Serializable {
        /** A record is rebuilt by its constructor; here in the test it is called as well. */
        Counted {
            if (System.getenv(ProcessTree.MARK_VARIABLE) != null) {
                decoded.raise();
            }
        }

        int one() {
            return 1;
        }
    }

    private static void makeWindowsDeep(ProcessPoolExecutor pool) throws Exception {
        for (Future<Integer> each : submitTiny(pool, 20 * WINDOW)) {
            each.get();
        }
    }

    private static PoolFuture<Integer> submitSlow(ProcessPoolExecutor pool, Signal release) {
        return pool.submit(() -> {
            release.awaitInTask();
            return 2;
        });
    }

    private static List<PoolFuture<Integer>> submitTiny(ProcessPoolExecutor pool, int count) {
        List<PoolFuture<Integer>> futures = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            futures.add(pool.submit(() -> 1));
        }
        return futures;
    }
}
