package dev.procpool.lab.measure;

import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import dev.procpool.jobs.WrongResultException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * A victim beside allocating neighbours: on all workers but one, tasks allocate hard; on the last, a short task arrives
 * every {@value #PERIOD_MICROS} µs whatever became of the one before. Its latency counts from when it should have been
 * submitted, so that a pause that holds up the submitting thread is not forgotten (no coordinated omission).
 *
 * <p>All contestants have the same memory in all: one heap of {@link #TOTAL_HEAP} for threads; for processes a small parent
 * and an equal share for each worker.
 */
public final class HeapMeasurer {
    /** Heap in bytes, over all JVMs that run tasks. */
    public static final long TOTAL_HEAP = 1L << 30;

    /** The job with neighbours that allocate. */
    public static final String BESIDE_HOGS = "victim beside allocating tasks";

    /** The job without. */
    public static final String ALONE = "victim alone";

    private static final long PERIOD_MICROS = 2000;
    private static final long VICTIM_MICROS = 100;
    private static final long WARM_UP_NANOS = 500_000_000;
    private static final double LIVE_SHARE = 0.35;
    private static final double NANOS = 1e-9;

    private final Configuration configuration;
    private final long victimSteps;

    HeapMeasurer(Configuration configuration, double spinsPerMicrosecond) {
        this.configuration = configuration;
        this.victimSteps = Math.round(VICTIM_MICROS * spinsPerMicrosecond);
    }

    Values measure() throws ExecutionException, InterruptedException {
        int hogs = configuration.job().equals(BESIDE_HOGS) ? configuration.workers() - 1 : 0;
        long nanos = configuration.count() * PERIOD_MICROS * 1000;
        long live = (long) (TOTAL_HEAP * LIVE_SHARE / configuration.workers());
        Values values = new Values();
        try (TaskExecutor executor = executor()) {
            List<PoolFuture<Long>> neighbours = new ArrayList<>();
            for (int i = 0; i < hogs; i++) {
                neighbours.add(executor.submit(new AllocTask.Timed(nanos + WARM_UP_NANOS, live)));
            }
            victims(executor, (int) (WARM_UP_NANOS / 1000 / PERIOD_MICROS));
            double[] latencies = victims(executor, configuration.count());
            report(latencies, values);
            long allocated = 0;
            for (PoolFuture<Long> neighbour : neighbours) {
                allocated += neighbour.get();
            }
            values.add(Metric.ALLOCATED, allocated / ((nanos + WARM_UP_NANOS) * NANOS));
        }
        return values;
    }

    private TaskExecutor executor() {
        int workers = configuration.workers();
        return configuration.executor().equals("processes")
                ? ProcessPoolExecutor.builder()
                        .workers(workers)
                        .heapSize(TOTAL_HEAP / workers)
                        .build()
                : TaskExecutor.threads(workers);
    }

    private double[] victims(TaskExecutor executor, int count) throws ExecutionException, InterruptedException {
        long steps = victimSteps;
        List<CompletableFuture<Double>> latencies = new ArrayList<>(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * PERIOD_MICROS * 1000;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            PoolFuture<Long> victim = executor.submit(() -> SpinTask.run(steps));
            latencies.add(victim.thenApply(value -> latency(due, value)));
        }
        double[] seconds = new double[count];
        for (int i = 0; i < count; i++) {
            seconds[i] = latencies.get(i).get();
        }
        return seconds;
    }

    private double latency(long due, long value) {
        double seconds = (System.nanoTime() - due) * NANOS;
        if (value != SpinTask.expected(victimSteps)) {
            throw new WrongResultException("a victim task computed something else");
        }
        return seconds;
    }

    private static void report(double[] latencies, Values values) {
        Arrays.sort(latencies);
        values.add(Metric.LATENCY_P50, quantile(latencies, 0.5));
        values.add(Metric.LATENCY_P90, quantile(latencies, 0.9));
        values.add(Metric.LATENCY_P99, quantile(latencies, 0.99));
        values.add(Metric.LATENCY_P999, quantile(latencies, 0.999));
        values.add(Metric.LATENCY_MAX, quantile(latencies, 1));
    }

    private static double quantile(double[] sorted, double fraction) {
        return sorted[(int) Math.ceil(fraction * sorted.length) - 1];
    }
}
