package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.Futures;
import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** No variable holds the pool any more: what still needs it keeps it alive, and nothing else does. */
@ExtendWith(LeakCheck.class)
class ForgottenPoolTest {
    @TempDir
    Path folder;

    /** Until pools that nobody uses have been shut down: one that was made for that has ended. */
    private static void collectGarbage() {
        PoolFuture<Integer> done = Faults.pool(1).submit(() -> 42);
        Faults.value(done);
        expectCollected(done.workerPid().orElseThrow());
    }

    private static void expectCollected(long pid) {
        await("end of worker " + pid + " of a forgotten pool")
                .atMost(Limits.LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    System.gc();
                    return !Faults.isAlive(pid);
                });
    }

    private static long ownPid() {
        return ProcessHandle.current().pid();
    }

    private static Stream<Long> pids(int items) {
        return Faults.pool(2)
                .map(n -> ownPid(), IntStream.range(0, items).boxed().toList());
    }

    @Test
    void aStreamKeepsItsPool() {
        Stream<Long> stream = pids(5_000);
        collectGarbage();
        assertThat(stream.distinct().count()).isBetween(1L, 2L);
    }

    @Test
    void anIteratorInTheMiddleOfAStreamKeepsItsPool() {
        Iterator<Long> pids = pids(100_000).iterator();
        long pid = pids.next();
        collectGarbage();
        assertThat(Faults.isAlive(pid)).isTrue();
        int rest = 0;
        while (pids.hasNext()) {
            pids.next();
            rest++;
        }
        assertThat(rest).isEqualTo(99_999);
    }

    @Test
    void aStreamThatIsOverKeepsNoPool() {
        Spliterator<Long> exhausted = pids(1).spliterator();
        List<Long> pids = new ArrayList<>();
        exhausted.forEachRemaining(pids::add);
        expectCollected(pids.get(0));
        assertThat(exhausted.tryAdvance(pids::add)).isFalse();
    }

    @Test
    void aStreamThatNobodyReadsKeepsNoPool() {
        expectCollected(pids(100_000).iterator().next());
    }

    @Test
    void openFuturesKeepTheirPool() {
        Signal running = Signal.in(folder, "running");
        Signal end = Signal.in(folder, "end");
        List<PoolFuture<Integer>> futures = submitToForgottenPool(running, end);
        running.expect();
        collectGarbage();
        end.raise();
        for (PoolFuture<Integer> future : Futures.asCompleted(futures)) {
            assertThat(Faults.value(future)).isZero();
        }
        expectCollected(futures.get(0).workerPid().orElseThrow());
        assertThat(futures).allMatch(PoolFuture::isDone); // they are held until here, the pool was not
    }

    private static List<PoolFuture<Integer>> submitToForgottenPool(Signal running, Signal end) {
        ProcessPoolExecutor pool = Faults.pool(1);
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            futures.add(pool.submit(() -> {
                running.raise();
                return Faults.await(end);
            }));
        }
        return futures;
    }

    /** Takes as long to be written as it takes to shut down a pool that nobody uses. */
    private static final class SlowToEncode implements Callable<Integer>, Serializable {
        @Override
        public Integer call() {
            return 42;
        }

        private Object writeReplace() {
            collectGarbage();
            return this;
        }
    }

    @Test
    void aSubmitThatEncodesKeepsItsPool() {
        assertThat(Faults.value(Faults.pool(1).submit(new SlowToEncode()))).isEqualTo(42);
    }

    @Test
    void aSubmitThatWaitsForRoomKeepsItsPool() {
        Signal running = Signal.in(folder, "running");
        Signal end = Signal.in(folder, "end");
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        Thread submitter = new Thread(() -> fill(futures, running, end), "submitter");
        submitter.start();
        await().atMost(Limits.LONG).until(() -> submitter.getState() == Thread.State.WAITING && running.isRaised());
        collectGarbage();
        end.raise();
        await().atMost(Limits.LONG).until(() -> !submitter.isAlive());
        assertThat(futures)
                .hasSize(20)
                .allSatisfy(future -> assertThat(Faults.value(future)).isZero());
    }

    private static void fill(List<PoolFuture<Integer>> futures, Signal running, Signal end) {
        ProcessPoolExecutor pool = Faults.quiet(1).queueCapacity(1).build();
        for (int i = 0; i < 20; i++) {
            futures.add(pool.submit(() -> {
                running.raise();
                return Faults.await(end);
            }));
        }
    }
}
