package dev.procpool.failure;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks that throw, block, submit, cancel or shut down don't hurt the pool. */
@ExtendWith(LeakCheck.class)
class CallbackTest {
    @TempDir
    Path folder;

    /** A task that ends when the callback is attached, so that the callback runs on the pool's thread. */
    private static PoolFuture<Integer> held(ProcessPoolExecutor pool, Signal go, int value) {
        return pool.submit(() -> Faults.await(go) + value);
    }

    @Test
    void callbackThatThrows() {
        try (ProcessPoolExecutor pool = pool(1)) {
            Signal go = Signal.in(folder, "go");
            CompletableFuture<Integer> dependent = held(pool, go, 1).thenApply(n -> {
                throw new LinkageError("in the callback");
            });
            go.raise();
            Faults.failure(dependent, LinkageError.class);
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void callbackThatSubmits() {
        try (ProcessPoolExecutor pool = pool(2)) {
            Signal go = Signal.in(folder, "go");
            CompletableFuture<Integer> chain = held(pool, go, 0);
            for (int i = 0; i < 200; i++) {
                chain = chain.thenCompose(n -> pool.submit(() -> n + 1));
            }
            go.raise();
            assertThat(value(chain)).isEqualTo(200);
        }
    }

    @Test
    void callbackThatBlocksOnATaskOfTheSameWorker() {
        try (ProcessPoolExecutor pool = pool(1)) {
            Signal go = Signal.in(folder, "go");
            CompletableFuture<Integer> outer = held(pool, go, 1);
            CompletableFuture<Integer> dependent =
                    outer.thenApply(n -> n + value(pool.submit(() -> 2)) + value(pool.submit(() -> 3)));
            go.raise();
            assertThat(value(dependent)).isEqualTo(6);
        }
    }

    @Test
    void callbacksThatBlockForLong() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        try (ProcessPoolExecutor pool = pool(1)) {
            Signal go = Signal.in(folder, "go");
            List<CompletableFuture<Integer>> blocked = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                blocked.add(held(pool, go, i).thenApply(n -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return n;
                }));
            }
            go.raise();
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            release.countDown();
            for (int i = 0; i < 5; i++) {
                assertThat(value(blocked.get(i))).isEqualTo(i);
            }
        }
    }

    @Test
    void callbackThatCancelsOthers() {
        try (ProcessPoolExecutor pool = pool(1)) {
            Signal go = Signal.in(folder, "go");
            PoolFuture<Integer> first = held(pool, go, 1);
            List<PoolFuture<Integer>> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                others.add(pool.submit(Faults::sleepForEver));
            }
            CompletableFuture<Void> dependent = first.thenAccept(n -> others.forEach(other -> other.cancel(true)));
            go.raise();
            value(dependent);
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
        }
    }

    @Test
    void callbackThatClosesThePool() throws InterruptedException {
        ProcessPoolExecutor pool = pool(2);
        Signal go = Signal.in(folder, "go");
        PoolFuture<Integer> first = held(pool, go, 1);
        List<PoolFuture<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            others.add(pool.submit(() -> 7));
        }
        CompletableFuture<Void> dependent = first.thenRun(pool::close);
        go.raise();
        value(dependent);
        assertThat(pool.isTerminated()).isTrue();
        assertThat(others).allMatch(PoolFuture::isDone);
    }

    @Test
    void callbackThatShutsDownNow() throws InterruptedException {
        ProcessPoolExecutor pool = pool(2);
        Signal go = Signal.in(folder, "go");
        PoolFuture<Integer> first = held(pool, go, 1);
        PoolFuture<Integer> other = pool.submit(Faults::sleepForEver);
        CompletableFuture<Integer> dependent =
                first.thenApply(n -> pool.shutdownNow().size());
        go.raise();
        value(dependent);
        assertThat(pool.awaitTermination(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(other).isDone();
    }

    @Test
    void callbackOfACrashSubmitsAgain() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> crash = pool.submit(() -> Faults.halt(1));
            CompletableFuture<Integer> again = crash.handle((n, thrown) -> {
                        assertThat(thrown).isInstanceOf(WorkerCrashedException.class);
                        return pool.submit(() -> 42);
                    })
                    .thenCompose(f -> f);
            assertThat(value(again)).isEqualTo(42);
        }
    }

    @Test
    void manyCallbacksRunOnceEach() {
        AtomicInteger calls = new AtomicInteger();
        try (ProcessPoolExecutor pool = pool(2)) {
            for (int i = 0; i < 5000; i++) {
                int n = i;
                pool.submit(() -> n).whenComplete((v, t) -> calls.incrementAndGet());
            }
        }
        await().atMost(Limits.LONG).until(() -> calls.get() == 5000);
    }

    @Test
    void poolInsideAWorker() {
        try (ProcessPoolExecutor pool = quiet(2).build()) {
            List<PoolFuture<Integer>> outer = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int n = i;
                outer.add(pool.submit(() -> {
                    try (ProcessPoolExecutor inner = pool(1)) {
                        return inner.submit(() -> n * 10).get();
                    }
                }));
            }
            assertThat(value(outer.get(0)) + value(outer.get(1))).isEqualTo(10);
        }
    }

    @Test
    void workersOfANestedPoolDieWithTheirParent() {
        Signal started = Signal.in(folder, "started");
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> outer = pool.submit(() -> {
                ProcessPoolExecutor inner = pool(1);
                return inner.submit(() -> Faults.swallowEverything(started)).get();
            });
            started.expect();
            outer.cancel(true);
        }
        await().atMost(Limits.LONG)
                .until(() -> ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
    }
}
