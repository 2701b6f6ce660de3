package dev.procpool.bench;

import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What single ideas of the fast path buy: the same work done in a way that makes use of an idea and in one that can't,
 * both by the public API alone, in one process.
 */
final class Steps {
    private static final int MOST_ITEMS = 1_000_000;
    /** Far longer than a child looks for its next call before it goes to sleep. */
    private static final long NAP_MILLIS = 1;

    private final Sampler sampler;

    Steps(Sampler sampler) {
        this.sampler = sampler;
    }

    void measure() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2)) {
            task(pool);
            map(pool);
        }
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            wake(pool);
            argument(pool);
        }
    }

    /** A lambda travels as a number; an object of a class, as Java serialization has it. */
    private void task(ProcessPoolExecutor pool) throws Exception {
        sampler.rate("steps.task.lambda", n -> awaitAll(Stream.generate(() -> pool.submit(() -> 1)), n));
        Noop noop = new Noop();
        sampler.rate("steps.task.object", n -> awaitAll(Stream.generate(() -> pool.submit(noop)), n));
    }

    private static void awaitAll(Stream<? extends Future<?>> submissions, int n) throws Exception {
        for (Future<?> future : submissions.limit(n).toList()) {
            future.get();
        }
    }

    /** Items in chunks of a few milliseconds, or each on its own. */
    private void map(ProcessPoolExecutor pool) throws Exception {
        List<Integer> items = IntStream.range(0, MOST_ITEMS).boxed().toList();
        for (boolean chunks : new boolean[] {true, false}) {
            MapOptions options =
                    chunks ? MapOptions.defaults() : MapOptions.defaults().chunkSize(1);
            sampler.rate(chunks ? "steps.map.chunks" : "steps.map.single", 1000, MOST_ITEMS, n -> {
                long count = pool.map(x -> x + 1, items.subList(0, n), options)
                        .mapToLong(x -> x)
                        .count();
                if (count != n) {
                    throw new IllegalStateException(n + " items, but " + count + " results");
                }
            });
        }
    }

    /** A round trip between two that look for each other's answer, then with one of the two asleep. */
    private void wake(ProcessPoolExecutor pool) throws Exception {
        sampler.latency("steps.trip.awake", () -> pool.submit(() -> 1).get());
        sampler.latency("steps.trip.callback", () -> awaitCallback(pool.submit(() -> 1)));
        sampler.latency(
                "steps.trip.child-asleep",
                () -> TimeUnit.MILLISECONDS.sleep(NAP_MILLIS),
                () -> pool.submit(() -> 1).get());
    }

    /** A thread that waits for a callback doesn't look for the answer itself. */
    private static void awaitCallback(PoolFuture<?> future) throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        future.whenComplete((value, failure) -> called.countDown());
        called.await();
    }

    /** A large array is copied from where it lies; one inside an object has to be serialised first. */
    private void argument(ProcessPoolExecutor pool) throws Exception {
        byte[] array = new byte[Work.LARGE];
        sampler.throughput(
                "steps.argument.array",
                Work.LARGE,
                () -> pool.submit(() -> array.length).get());
        List<byte[]> object = new ArrayList<>(List.of(array));
        sampler.throughput(
                "steps.argument.object",
                Work.LARGE,
                () -> pool.submit(() -> object.get(0).length).get());
    }
}
