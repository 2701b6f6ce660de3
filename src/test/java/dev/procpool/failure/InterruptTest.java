package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Shared;
import dev.procpool.SharedBytes;
import dev.procpool.Signal;
import dev.procpool.TaskExecutor;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Callers whose thread has been interrupted: what doesn't wait works, what waits ends, and the interrupt is kept. */
@ExtendWith(LeakCheck.class)
class InterruptTest {
    @TempDir
    Path folder;

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void interruptThisThread() {
        Thread.currentThread().interrupt();
    }

    private static void expectStillInterrupted() {
        assertThat(Thread.interrupted()).isTrue();
    }

    private static int sum(ByteBuffer bytes) {
        int sum = 0;
        while (bytes.hasRemaining()) {
            sum += bytes.get();
        }
        return sum;
    }

    @Test
    void buildsSubmitsAndShares() {
        interruptThisThread();
        ProcessPoolExecutor pool = Faults.pool(1);
        try (pool) {
            PoolFuture<Integer> first = pool.submit(() -> 42);
            Shared<List<Integer>> list = pool.share(new ArrayList<>(List.of(1, 2)));
            PoolFuture<Integer> second = pool.submit(() -> list.get().size());
            PoolFuture<Integer> large =
                    pool.submit(IntStream.range(0, 1_000_000).boxed().toList()::size);
            expectStillInterrupted();
            assertThat(Faults.value(first)).isEqualTo(42);
            assertThat(Faults.value(second)).isEqualTo(2);
            assertThat(Faults.value(large)).isEqualTo(1_000_000);
        }
    }

    @Test
    void sharesBytes() {
        try (ProcessPoolExecutor pool = Faults.pool(1)) {
            interruptThisThread();
            try (SharedBytes shared = pool.shareBytes(new byte[] {1, 2, 3})) {
                assertThat(sum(shared.buffer())).isEqualTo(6);
                PoolFuture<Integer> there = pool.submit(() -> sum(shared.buffer()));
                expectStillInterrupted();
                assertThat(Faults.value(there)).isEqualTo(6);
            }
        }
    }

    @Test
    void sharesAFile() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[] {1, 2, 3});
        try (ProcessPoolExecutor pool = Faults.pool(1)) {
            interruptThisThread();
            try (SharedBytes shared = pool.shareBytes(file)) {
                assertThat(sum(shared.buffer())).isEqualTo(6);
                expectStillInterrupted();
                assertThat(Faults.value(pool.submit(() -> sum(shared.buffer()))))
                        .isEqualTo(6);
            }
        }
    }

    @Test
    void readsSharedBytesInATaskThatWasInterrupted() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[] {1, 2, 3});
        try (ProcessPoolExecutor pool = Faults.pool(1);
                SharedBytes ours = pool.shareBytes(new byte[] {1, 2, 3});
                SharedBytes theirs = pool.shareBytes(file)) {
            assertThat(Faults.value(pool.submit(() -> {
                        interruptThisThread();
                        return sum(ours.buffer()) + sum(theirs.buffer()) + (Thread.interrupted() ? 100 : 0);
                    })))
                    .isEqualTo(112);
        }
    }

    @Test
    void looksResizesAndShutsDown() {
        ProcessPoolExecutor pool = Faults.pool(1);
        PoolFuture<Integer> done = pool.submit(() -> 42);
        Faults.value(done);
        interruptThisThread();
        assertThat(pool.workers()).hasSize(1).allMatch(worker -> worker.rss().isPresent());
        assertThat(done.join()).isEqualTo(42);
        pool.resize(2);
        pool.shutdown();
        expectStillInterrupted();
        pool.close();
    }

    @Test
    void mapsAndWaitsWhereItHasTo() {
        try (ProcessPoolExecutor pool = Faults.pool(1)) {
            interruptThisThread();
            Iterator<Integer> results =
                    pool.map((Integer n) -> n * n, List.of(1, 2, 3)).iterator();
            assertThatThrownBy(results::next)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            expectStillInterrupted();
            assertThat(results.next()).isEqualTo(1);
        }
    }

    @Test
    void closesAtOnce() {
        ProcessPoolExecutor pool = Faults.pool(1);
        Signal started = Signal.in(folder, "started");
        PoolFuture<Integer> endless = pool.submit(() -> Faults.swallowEverything(started));
        started.expect();
        interruptThisThread();
        pool.close();
        expectStillInterrupted();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(endless).isCancelled();
    }

    @Test
    void aJvmForEachTask() {
        interruptThisThread();
        TaskExecutor spawn = TaskExecutor.spawn(1);
        PoolFuture<Integer> future = spawn.submit(() -> 42);
        expectStillInterrupted();
        assertThat(Faults.value(future)).isEqualTo(42);
        spawn.close();
    }

    @Test
    void aSubmitThatWaitsForRoomIsRejected() throws Exception {
        Signal started = Signal.in(folder, "started");
        ProcessPoolExecutor pool = Faults.quiet(1).queueCapacity(1).build();
        try {
            FutureTask<Boolean> submitting = new FutureTask<>(() -> {
                assertThatThrownBy(() -> {
                            while (true) {
                                pool.submit(() -> Faults.swallowEverything(started));
                            }
                        })
                        .isInstanceOf(RejectedExecutionException.class)
                        .hasMessageContaining("interrupted")
                        .hasCauseInstanceOf(InterruptedException.class);
                return Thread.currentThread().isInterrupted();
            });
            Thread thread = new Thread(submitting, "submitting");
            thread.start();
            await().atMost(Limits.LONG).until(() -> started.isRaised() && thread.getState() == Thread.State.WAITING);
            thread.interrupt();
            assertThat(Faults.value(submitting)).isTrue();
        } finally {
            pool.killWorkers();
        }
    }
}
