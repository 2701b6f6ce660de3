package dev.procpool.cli;

import dev.procpool.PoolFuture;
import dev.procpool.spark.SparkCluster;
import dev.procpool.spark.SparkExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Measures what tasks cost here against what the same costs in plain Spark, on the same two executors, in turns. */
final class SparkFigures {
    private static final int TASKS = 20_000;
    private static final int PARTITIONS = 20;
    private static final int ROUNDS = 9;
    /** Longer than an idle lease lingers. */
    private static final int PAUSE_MILLIS = 1200;

    private interface Work {
        void run() throws Exception;
    }

    private final Consumer<String> out;

    /** Makes a measurement that reports line by line. */
    SparkFigures(Consumer<String> out) {
        this.out = out;
    }

    /** Starts a cluster of two workers, measures, and ends it. Reports medians. */
    void measure() throws Exception {
        SparkConf conf = new SparkConf()
                .setAppName("figures")
                .set("spark.executor.cores", "1")
                .set("spark.cores.max", "2")
                .set("spark.executor.memory", "512m")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.task.maxFailures", "1")
                .set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR");
        try (SparkCluster cluster = SparkCluster.start(2, 1);
                JavaSparkContext context = new JavaSparkContext(conf.setMaster(cluster.master()));
                SparkExecutor executor =
                        SparkExecutor.builder().over(context).cores(2).build()) {
            List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
            Work rawFlood =
                    () -> context.parallelize(numbers, PARTITIONS).map(n -> n).collect();
            Work flood = () -> submitAll(executor, numbers);
            Work rawJob = () -> context.parallelize(List.of(1), 1).map(n -> n).collect();
            Work task = () -> executor.submit(() -> 1).get();
            compare("20,000 tasks, ms", rawFlood, flood, 0);
            compare("a lone task after a pause, ms", rawJob, task, PAUSE_MILLIS);
            compare("one task after the other, ms", rawJob, task, 0);
        }
    }

    private static void submitAll(SparkExecutor executor, List<Integer> numbers) throws Exception {
        List<PoolFuture<Integer>> futures = new ArrayList<>(numbers.size());
        for (Integer number : numbers) {
            futures.add(executor.submit(() -> number));
        }
        for (PoolFuture<Integer> future : futures) {
            future.get();
        }
    }

    private void compare(String what, Work raw, Work ours, int pauseMillis) throws Exception {
        double[] rawTimes = new double[ROUNDS];
        double[] ourTimes = new double[ROUNDS];
        for (int i = -2; i < ROUNDS; i++) {
            double rawTime = millis(raw, pauseMillis);
            double ourTime = millis(ours, pauseMillis);
            if (i >= 0) {
                rawTimes[i] = rawTime;
                ourTimes[i] = ourTime;
            }
        }
        double rawMedian = median(rawTimes);
        double ourMedian = median(ourTimes);
        out.accept(String.format(
                Locale.ROOT,
                "%s: plain Spark %.1f, procpool %.1f, ratio %.2f",
                what,
                rawMedian,
                ourMedian,
                ourMedian / rawMedian));
    }

    private static double millis(Work work, int pauseMillis) throws Exception {
        Thread.sleep(pauseMillis);
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
