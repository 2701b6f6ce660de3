package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.PoolStats;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.TaskOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Futures that their user settles himself while the task runs or waits: the task is over, too, and is counted. */
@ExtendWith(LeakCheck.class)
class GivenUpTest {
    @TempDir
    Path folder;

    /** A task that nothing but a kill can end is settled by {@code settle}; it ends, and so does the pool. */
    private PoolFuture<Integer> expectKilled(Consumer<PoolFuture<Integer>> settle) {
        Signal started = Signal.in(folder, "started");
        ProcessPoolExecutor pool = Faults.pool(1);
        PoolFuture<Integer> future;
        try (pool) {
            future = pool.submit(() -> Faults.swallowEverything(started));
            started.expect();
            long pid = future.workerPid().orElseThrow();
            settle.accept(future);
            await().atMost(Limits.LONG).until(future::isDone);
            Faults.awaitGone(pid);
            assertThat(Faults.value(pool.submit(() -> 42))).isEqualTo(42);
            expectBooks(pool, 1, 0, 1);
        }
        expectBooks(pool, 1, 0, 1);
        return future;
    }

    private static void expectBooks(ProcessPoolExecutor pool, long completed, long failed, long cancelled) {
        PoolStats stats = pool.stats();
        assertThat(List.of(stats.completed(), stats.failed(), stats.cancelled()))
                .containsExactly(completed, failed, cancelled);
        assertThat(stats.submitted()).isEqualTo(completed + failed + cancelled);
    }

    @Test
    void completedWhileItRuns() {
        assertThat(expectKilled(future -> assertThat(future.complete(7)).isTrue()))
                .isCompletedWithValue(7);
    }

    @Test
    void completedExceptionallyWhileItRuns() {
        IllegalStateException mine = new IllegalStateException("mine");
        PoolFuture<Integer> future = expectKilled(
                open -> assertThat(open.completeExceptionally(mine)).isTrue());
        assertThat(Faults.failure(future, IllegalStateException.class)).isSameAs(mine);
    }

    @Test
    void timedOutByItsUserWhileItRuns() {
        PoolFuture<Integer> future = expectKilled(open -> open.orTimeout(10, TimeUnit.MILLISECONDS));
        Faults.failure(future, TimeoutException.class);
    }

    @Test
    void completedOnTimeoutWhileItRuns() {
        assertThat(expectKilled(future -> future.completeOnTimeout(7, 10, TimeUnit.MILLISECONDS)))
                .isCompletedWithValue(7);
    }

    @Test
    void completedAsyncWhileItRuns() {
        assertThat(expectKilled(future -> future.completeAsync(() -> 7))).isCompletedWithValue(7);
    }

    @Test
    void completedByAnAsyncSupplierThatThrows() {
        PoolFuture<Integer> future = expectKilled(open -> open.completeAsync(() -> {
            throw new IllegalStateException("mine");
        }));
        assertThat(Faults.failure(future, IllegalStateException.class)).hasMessage("mine");
    }

    @Test
    void obtrudedWhileItRuns() {
        assertThat(expectKilled(future -> future.obtrudeValue(7))).isCompletedWithValue(7);
    }

    @Test
    void obtrudedExceptionallyWhileItRuns() {
        PoolFuture<Integer> future = expectKilled(open -> open.obtrudeException(new IllegalStateException("mine")));
        assertThat(Faults.failure(future, IllegalStateException.class)).hasMessage("mine");
    }

    @Test
    void cancelledAfterItWasCompleted() {
        PoolFuture<Integer> future = expectKilled(open -> {
            assertThat(open.complete(7)).isTrue();
            assertThat(open.cancel(true)).isFalse();
            assertThat(open.complete(8)).isFalse();
            assertThat(open.completeExceptionally(new IllegalStateException())).isFalse();
        });
        assertThat(future).isCompletedWithValue(7);
    }

    @Test
    void obtrudingWhatIsDoneChangesNothingElse() {
        ProcessPoolExecutor pool = Faults.pool(1);
        try (pool) {
            PoolFuture<Integer> future = pool.submit(() -> 42);
            Faults.value(future);
            long pid = future.workerPid().orElseThrow();
            future.obtrudeValue(7);
            assertThat(future).isCompletedWithValue(7);
            future.obtrudeException(new IllegalStateException());
            assertThat(future).isCompletedExceptionally();
            PoolFuture<Integer> next = pool.submit(() -> 43);
            assertThat(Faults.value(next)).isEqualTo(43);
            assertThat(next.workerPid()).hasValue(pid);
        }
        expectBooks(pool, 2, 0, 0);
        assertThat(pool.stats().workersStarted()).isOne();
    }

    @Test
    void aTaskThatWaitsNeverStarts() {
        Signal running = Signal.in(folder, "running");
        Signal end = Signal.in(folder, "end");
        Signal wrong = Signal.in(folder, "wrong");
        ProcessPoolExecutor pool = Faults.pool(1);
        try (pool) {
            PoolFuture<Integer> first = pool.submit(() -> {
                running.raise();
                return Faults.await(end);
            });
            running.expect();
            long pid = first.workerPid().orElseThrow();
            List<PoolFuture<Void>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiting.add(pool.submit(wrong::raise));
            }
            waiting.get(0).complete(null);
            waiting.get(1).completeExceptionally(new IllegalStateException());
            waiting.get(2).obtrudeValue(null);
            waiting.get(3).obtrudeException(new IllegalStateException());
            waiting.get(4).orTimeout(1, TimeUnit.NANOSECONDS);
            await().atMost(Limits.LONG).until(waiting.get(4)::isDone);
            expectBooksOpen(pool, 1, 5);
            end.raise();
            Faults.value(first);
            PoolFuture<Integer> next = pool.submit(() -> 43);
            Faults.value(next);
            assertThat(next.workerPid()).hasValue(pid);
        }
        assertThat(wrong.isRaised()).isFalse();
        expectBooks(pool, 2, 0, 5);
    }

    private static void expectBooksOpen(ProcessPoolExecutor pool, long open, long cancelled) {
        PoolStats stats = pool.stats();
        assertThat(stats.cancelled()).isEqualTo(cancelled);
        assertThat(stats.submitted()).isEqualTo(stats.completed() + stats.failed() + stats.cancelled() + open);
    }

    @Test
    void aGivenUpTaskIsNotRetried() {
        Signal started = Signal.in(folder, "started");
        ProcessPoolExecutor pool = Faults.pool(1);
        try (pool) {
            PoolFuture<Integer> future =
                    pool.with(TaskOptions.defaults().retries(3)).submit(() -> Faults.swallowEverything(started));
            started.expect();
            future.complete(7);
            Faults.value(pool.submit(() -> 42));
        }
        assertThat(started.count()).isOne();
        expectBooks(pool, 1, 0, 1);
    }

    @Test
    void itsCallbackMayWaitForTheEndOfThePool() {
        Signal started = Signal.in(folder, "started");
        ProcessPoolExecutor pool = Faults.pool(1);
        PoolFuture<Integer> future = pool.submit(() -> Faults.swallowEverything(started));
        started.expect();
        CompletableFuture<Void> closed = future.handle((value, thrown) -> {
            pool.close();
            return null;
        });
        future.cancel(true);
        Faults.value(closed);
        assertThat(pool.isTerminated()).isTrue();
    }

    @Test
    void theBooksBalanceWhereUserAndPoolRace() {
        int tasks = Faults.repeated(500);
        ProcessPoolExecutor pool = Faults.pool(1);
        long mine = 0;
        try (pool) {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                futures.add(pool.submit(() -> 42));
            }
            for (PoolFuture<Integer> future : futures) {
                mine += future.complete(7) ? 1 : 0;
            }
            long seven =
                    futures.stream().filter(future -> Faults.value(future) == 7).count();
            assertThat(seven).isEqualTo(mine);
        }
        expectBooks(pool, tasks - mine, 0, mine);
    }
}
