package dev.procpool.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** Takes the samples of one process, and prints them. */
final class Sampler {
    /** More futures at once would measure the garbage collector. */
    static final int LARGEST_BATCH = 200_000;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    private final Effort effort;
    private final Map<String, DoubleStream.Builder> samples = new LinkedHashMap<>();

    /** Work that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Does a piece of work {@code n} times. */
    @FunctionalInterface
    interface Batch {
        void run(int n) throws Exception;
    }

    Sampler(Effort effort) {
        this.effort = effort;
    }

    Effort effort() {
        return effort;
    }

    void add(String figure, double sample) {
        samples.computeIfAbsent(figure, name -> DoubleStream.builder()).add(sample);
    }

    /** Pieces of work in a second. Batches grow while the code warms up, until they take as long as they should. */
    void rate(String figure, Batch batch) throws Exception {
        rate(figure, 1, LARGEST_BATCH, batch);
    }

    /** The same with the first batch and the largest chosen. */
    void rate(String figure, int first, int largest, Batch batch) throws Exception {
        int n = warmedUpSize(first, largest, batch);
        for (int i = 0; i < effort.batches(); i++) {
            add(figure, n / seconds(() -> batch.run(n)));
        }
    }

    /**
     * Warms {@code batch} up; returns how many pieces of work take the time of a batch, at the best rate seen: a machine
     * that stalls for a moment must not make batches so small that later ones measure only stalls.
     */
    int warmedUpSize(int first, int largest, Batch batch) throws Exception {
        int n = first;
        double best = 0;
        long end = System.nanoTime() + effort.warmUpNanos();
        do {
            int size = n;
            best = Math.max(best, size / seconds(() -> batch.run(size)));
            double fitting = best * effort.batchNanos() / NANOS_PER_SECOND;
            n = (int) Math.max(1, Math.min(fitting, Math.min(size * 8.0, largest)));
        } while (System.nanoTime() < end);
        return n;
    }

    /** Microseconds of {@code trip}: the median and, as {@code figure.p99}, the 99th percentile. */
    void latency(String figure, Action trip) throws Exception {
        latency(figure, () -> {}, trip);
    }

    /** The same with something to be done before each trip that isn't counted. */
    void latency(String figure, Action before, Action trip) throws Exception {
        trips(before, trip, effort.warmUpNanos());
        for (int i = 0; i < effort.batches(); i++) {
            double[] micros = trips(before, trip, effort.batchNanos());
            add(figure, micros[micros.length / 2]);
            add(figure + ".p99", micros[(int) (micros.length * 0.99)]);
        }
    }

    /** The microseconds that each trip took, in ascending order. */
    private static double[] trips(Action before, Action trip, long nanos) throws Exception {
        double[] micros = new double[1 << 10];
        int count = 0;
        long end = System.nanoTime() + nanos;
        long after;
        do {
            before.run();
            long start = System.nanoTime();
            trip.run();
            after = System.nanoTime();
            if (count == micros.length) {
                micros = Arrays.copyOf(micros, count * 2);
            }
            micros[count++] = (after - start) / NANOS_PER_MICRO;
        } while (after < end);
        double[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Bytes that move in a second, in GB, by {@code move}, which moves {@code bytes}. */
    void throughput(String figure, long bytes, Action move) throws Exception {
        warmUp(move);
        for (int i = 0; i < effort.batches(); i++) {
            add(figure, bytes / seconds(move) / NANOS_PER_SECOND);
        }
    }

    void warmUp(Action action) throws Exception {
        long end = System.nanoTime() + effort.warmUpNanos();
        do {
            action.run();
        } while (System.nanoTime() < end);
    }

    /** The seconds that {@code action} takes. */
    static double seconds(Action action) throws Exception {
        long start = System.nanoTime();
        action.run();
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }

    /** The line of JSON that the driver reads. */
    String json() {
        return samples.entrySet().stream()
                .map(figure -> "\"" + figure.getKey() + "\":"
                        + Arrays.toString(figure.getValue().build().toArray()))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
