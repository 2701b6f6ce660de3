package dev.procpool.lab.measure;

import dev.procpool.PoolFuture;
import dev.procpool.SerializableCallable;
import dev.procpool.TaskExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs the same batch of tasks again and again on one executor:
 *
 * <pre>
 *   create ─▶ first result │ cold batch │ warm-up batches │ measured batches │ close, check the results
 *   └──── STARTUP ────────┘ COLD_BATCH   WARMUP_BATCH       BATCH, CPU, SUBMIT, and of its tasks SERVICE, BETWEEN, ENDS
 * </pre>
 *
 * Memory is sampled while the code warms up, for executors whose children come and go, and after the last batch; nothing
 * but the work runs during the measured batches.
 */
final class BatchMeasurer {
    private static final double NANOS = 1e-9;

    private final Assignment assignment;
    private final Supplier<TaskExecutor> executors;
    private final Job job;
    private final Values values = new Values();
    private final List<List<Object>> results = new ArrayList<>();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final boolean timesSubmits;
    private double submitCpu;

    BatchMeasurer(Assignment assignment, Supplier<TaskExecutor> executors) throws ReflectiveOperationException {
        this.assignment = assignment;
        this.executors = executors;
        Job plain = Job.of(assignment);
        boolean scaling = assignment.configuration().experiment() == Experiment.SCALING;
        this.job = scaling ? plain.timed() : plain;
        // Asking costs a microsecond, which the shortest batches of other experiments would notice.
        this.timesSubmits = scaling && threads.isCurrentThreadCpuTimeSupported();
    }

    Values measure() throws ExecutionException, InterruptedException {
        boolean reuse = assignment.configuration().experiment() == Experiment.REUSE;
        long start = System.nanoTime();
        try (TaskExecutor executor = executors.get()) {
            if (!reuse) {
                executor.submit(() -> 0).get();
                values.add(Metric.STARTUP, (System.nanoTime() - start) * NANOS);
                start = System.nanoTime();
            }
            runBatch(executor);
            values.add(Metric.COLD_BATCH, (System.nanoTime() - start) * NANOS);
            warmUp(executor);
            checkResults();
            if (assignment.batches() > 0) {
                steadyState(executor);
            }
        }
        checkResults();
        return values;
    }

    /** And lets go of them: there may be many, and large ones. */
    private void checkResults() {
        results.forEach(job::verify);
        results.clear();
    }

    private void warmUp(TaskExecutor executor) throws ExecutionException, InterruptedException {
        long limit = TimeUnit.MILLISECONDS.toNanos(assignment.warmupMillis());
        long start = System.nanoTime();
        try (MemorySampler memory = new MemorySampler()) {
            for (int i = 0; i < assignment.warmup() && System.nanoTime() - start < limit; i++) {
                values.add(Metric.WARMUP_BATCH, timedBatch(executor));
            }
            memory.sample();
            memory.report(values);
        }
    }

    private void steadyState(TaskExecutor executor) throws ExecutionException, InterruptedException {
        double childrenCpu = ProcessTree.childrenCpu();
        double ownCpu = ProcessTree.ownCpu(); // last, and first below: looking for children takes CPU itself
        double[] elapsed = new double[assignment.batches()];
        for (int i = 0; i < elapsed.length; i++) {
            elapsed[i] = timedBatch(executor);
            values.add(Metric.BATCH, elapsed[i]);
            if (timesSubmits) {
                values.add(Metric.SUBMIT, submitCpu);
            }
        }
        if (ProcessTree.isKnown()) {
            values.add(Metric.PARENT_CPU, (ProcessTree.ownCpu() - ownCpu) / elapsed.length);
            values.add(Metric.CHILDREN_CPU, (ProcessTree.childrenCpu() - childrenCpu) / elapsed.length);
        }
        for (int i = 0; i < elapsed.length; i++) {
            addTimesOfTasks(results.get(i), elapsed[i]);
        }
    }

    private void addTimesOfTasks(List<Object> batch, double elapsed) {
        List<TimedTask.Result> timed = batch.stream()
                .filter(TimedTask.Result.class::isInstance)
                .map(TimedTask.Result.class::cast)
                .toList();
        timed.forEach(result -> values.add(Metric.SERVICE, result.nanos() * NANOS));
        if (!timed.isEmpty()) {
            values.add(Metric.BETWEEN, between(timed));
            values.add(Metric.ENDS, elapsed - longestSpan(timed));
        }
    }

    /** Seconds, on average; 0 if no worker had more than one task. */
    static double between(List<TimedTask.Result> batch) {
        return byWorker(batch)
                        .flatMapToLong(ofWorker -> IntStream.range(1, ofWorker.size())
                                .mapToLong(i -> ofWorker.get(i).start()
                                        - ofWorker.get(i - 1).end()))
                        .average()
                        .orElse(0)
                * NANOS;
    }

    /** The most seconds from the start of a worker's first task to the end of its last. */
    static double longestSpan(List<TimedTask.Result> batch) {
        return byWorker(batch)
                        .mapToLong(ofWorker -> ofWorker.get(ofWorker.size() - 1).end()
                                - ofWorker.get(0).start())
                        .max()
                        .orElse(0)
                * NANOS;
    }

    /** What each worker ran, in order. */
    private static Stream<List<TimedTask.Result>> byWorker(List<TimedTask.Result> batch) {
        return batch.stream()
                .sorted(Comparator.comparingLong(TimedTask.Result::start))
                .collect(Collectors.groupingBy(TimedTask.Result::worker))
                .values()
                .stream();
    }

    private double timedBatch(TaskExecutor executor) throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        runBatch(executor);
        return (System.nanoTime() - start) * NANOS;
    }

    private void runBatch(TaskExecutor executor) throws ExecutionException, InterruptedException {
        List<PoolFuture<?>> futures = new ArrayList<>(job.tasks().size());
        long cpu = ownCpuNanos();
        for (SerializableCallable<?> task : job.tasks()) {
            futures.add(executor.submit(task));
        }
        submitCpu = (ownCpuNanos() - cpu) * NANOS / job.tasks().size();
        List<Object> batch = new ArrayList<>(futures.size());
        for (PoolFuture<?> future : futures) {
            batch.add(future.get());
        }
        results.add(batch);
    }

    private long ownCpuNanos() {
        return timesSubmits ? threads.getCurrentThreadCpuTime() : 0;
    }
}
