package dev.procpool.lab.measure;

import dev.procpool.PoolFuture;
import dev.procpool.SerializableCallable;
import dev.procpool.TaskExecutor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs the same batch of tasks again and again on one executor:
 *
 * <pre>
 *   create ─▶ first result │ cold batch │ warm-up batches │ measured batches │ close, check the results
 *   └──── STARTUP ────────┘ COLD_BATCH   WARMUP_BATCH       BATCH, CPU, SERVICE, BETWEEN
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

    BatchMeasurer(Assignment assignment, Supplier<TaskExecutor> executors) throws ReflectiveOperationException {
        this.assignment = assignment;
        this.executors = executors;
        Job plain = Job.of(assignment);
        this.job = assignment.configuration().experiment() == Experiment.SCALING ? plain.timed() : plain;
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
            if (assignment.batches() > 0) {
                steadyState(executor);
            }
        }
        results.forEach(job::verify);
        return values;
    }

    private void warmUp(TaskExecutor executor) throws ExecutionException, InterruptedException {
        try (MemorySampler memory = new MemorySampler()) {
            for (int i = 0; i < assignment.warmup(); i++) {
                values.add(Metric.WARMUP_BATCH, timedBatch(executor));
            }
            memory.sample();
            memory.report(values);
        }
    }

    private void steadyState(TaskExecutor executor) throws ExecutionException, InterruptedException {
        int firstSteady = results.size();
        double childrenCpu = ProcessTree.childrenCpu();
        double ownCpu = ProcessTree.ownCpu(); // last, and first below: looking for children takes CPU itself
        for (int i = 0; i < assignment.batches(); i++) {
            values.add(Metric.BATCH, timedBatch(executor));
        }
        if (ProcessTree.isKnown()) {
            values.add(Metric.PARENT_CPU, (ProcessTree.ownCpu() - ownCpu) / assignment.batches());
            values.add(Metric.CHILDREN_CPU, (ProcessTree.childrenCpu() - childrenCpu) / assignment.batches());
        }
        for (List<Object> batch : results.subList(firstSteady, results.size())) {
            List<TimedTask.Result> timed = batch.stream()
                    .filter(TimedTask.Result.class::isInstance)
                    .map(TimedTask.Result.class::cast)
                    .toList();
            timed.forEach(result -> values.add(Metric.SERVICE, result.nanos() * NANOS));
            if (!timed.isEmpty()) {
                values.add(Metric.BETWEEN, between(timed));
            }
        }
    }

    /** Seconds, on average; 0 if no worker had more than one task. */
    static double between(List<TimedTask.Result> batch) {
        Map<String, List<TimedTask.Result>> byWorker = batch.stream()
                .sorted(Comparator.comparingLong(TimedTask.Result::start))
                .collect(Collectors.groupingBy(TimedTask.Result::worker));
        return byWorker.values().stream()
                        .flatMapToLong(ofWorker -> IntStream.range(1, ofWorker.size())
                                .mapToLong(i -> ofWorker.get(i).start()
                                        - ofWorker.get(i - 1).end()))
                        .average()
                        .orElse(0)
                * NANOS;
    }

    private double timedBatch(TaskExecutor executor) throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        runBatch(executor);
        return (System.nanoTime() - start) * NANOS;
    }

    private void runBatch(TaskExecutor executor) throws ExecutionException, InterruptedException {
        List<PoolFuture<?>> futures = new ArrayList<>(job.tasks().size());
        for (SerializableCallable<?> task : job.tasks()) {
            futures.add(executor.submit(task));
        }
        List<Object> batch = new ArrayList<>(futures.size());
        for (PoolFuture<?> future : futures) {
            batch.add(future.get());
        }
        results.add(batch);
    }
}
