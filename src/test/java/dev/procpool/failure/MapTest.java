package dev.procpool.failure;

import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.MapOptions;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker that dies in the middle of a map takes one item with it: what is done is kept, the rest goes elsewhere. */
@ExtendWith(LeakCheck.class)
class MapTest {
    private static final int COUNT = 200;

    @TempDir
    Path folder;

    private static List<Integer> items() {
        return IntStream.range(0, COUNT).boxed().toList();
    }

    /** All that the stream gives: values and exceptions. */
    private static List<Object> drain(Stream<Integer> stream) {
        List<Object> outcomes = new ArrayList<>();
        Iterator<Integer> results = stream.iterator();
        while (true) {
            Throwable thrown = catchThrowable(() -> {
                if (results.hasNext()) {
                    outcomes.add(results.next());
                } else {
                    outcomes.add("end");
                }
            });
            if (thrown != null) {
                outcomes.add(thrown);
            } else if (outcomes.get(outcomes.size() - 1).equals("end")) {
                outcomes.remove(outcomes.size() - 1);
                return outcomes;
            }
        }
    }

    @Test
    void onlyTheItemThatRanIsLost() {
        String starts = folder.resolve("starts").toString();
        try (ProcessPoolExecutor pool = pool(2)) {
            List<Object> outcomes = drain(pool.map(
                    n -> Starts.count(starts, n, n % 50 == 20),
                    items(),
                    MapOptions.defaults().chunkSize(40)));

            assertThat(outcomes).hasSize(COUNT);
            for (int n = 0; n < COUNT; n++) {
                if (n % 50 == 20) {
                    assertThat(outcomes.get(n)).isInstanceOf(WorkerCrashedException.class);
                } else {
                    assertThat(outcomes.get(n)).isEqualTo(n);
                }
            }
            assertThat(Starts.of(starts, COUNT)).containsOnly(1);
        }
    }

    /** Two different items crash once each, in one chunk: each has its own retries, and nobody gets another's result. */
    @Test
    void retriesAreForEachItem() {
        String starts = folder.resolve("starts").toString();
        String path = folder.toString();
        try (ProcessPoolExecutor pool = pool(2)) {
            List<Object> outcomes = drain(pool.with(TaskOptions.defaults().retries(1))
                    .map(
                            n -> {
                                Signal tried = Signal.in(Path.of(path), "tried" + n);
                                tried.raise();
                                return Starts.count(starts, n, n % 20 == 10 && tried.count() == 1);
                            },
                            items(),
                            MapOptions.defaults().chunkSize(100)));

            assertThat(outcomes).isEqualTo(new ArrayList<Object>(items()));
            int[] started = Starts.of(starts, COUNT);
            for (int n = 0; n < COUNT; n++) {
                assertThat(started[n]).as("starts of " + n).isEqualTo(n % 20 == 10 ? 2 : 1);
            }
        }
    }

    @Test
    void timeoutIsForEachItem() {
        Signal started = Signal.in(folder, "started");
        try (ProcessPoolExecutor pool = pool(2)) {
            List<Object> outcomes = drain(pool.map(
                    n -> n == 5 ? Faults.swallowEverything(started) : n,
                    IntStream.range(0, 20).boxed().toList(),
                    MapOptions.defaults().chunkSize(10).timeout(Limits.DEADLINE.multipliedBy(6))));

            assertThat(outcomes).hasSize(20);
            assertThat(outcomes.get(5)).isInstanceOf(TaskTimeoutException.class);
            assertThat(outcomes.stream().filter(Integer.class::isInstance)).hasSize(19);
        }
    }

    @Test
    void closingTheStreamStopsTheRest() {
        Signal started = Signal.in(folder, "started");
        try (ProcessPoolExecutor pool = pool(1)) {
            try (Stream<Integer> stream = pool.map(n -> n == 0 ? 0 : Faults.swallowEverything(started), items())) {
                assertThat(stream.iterator().next()).isZero();
                started.expect();
            }
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            await().atMost(Limits.LONG)
                    .until(() -> pool.stats().submitted()
                            == pool.stats().completed()
                                    + pool.stats().failed()
                                    + pool.stats().cancelled());
        }
    }

    @Test
    void shutdownNowInTheMiddle() {
        ProcessPoolExecutor pool = pool(2);
        Signal started = Signal.in(folder, "started");
        Iterator<Integer> results = pool.map(n -> n < 3 ? n : Faults.swallowEverything(started), items())
                .iterator();
        for (int n = 0; n < 3; n++) {
            assertThat(results.next()).isEqualTo(n);
        }
        started.expect();
        pool.shutdownNow();
        assertThat(catchThrowable(results::next)).isInstanceOf(java.util.concurrent.CancellationException.class);
        pool.close();
    }
}
