package dev.procpool.lab.measure;

import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run measures: what decides what its figures mean. A run can be continued only with the same parameters.
 *
 * @param experiments the questions to ask
 * @param jobs names of the jobs of experiments scaling, classic and reuse; of a user's job, its class
 * @param workers worker counts of experiment scaling
 * @param executors executors of experiment scaling
 * @param provider who computes RC4 and SHA-256: "bc" or "jdk"
 * @param count tasks in a batch
 * @param size bytes in a task, or null for the job's own default
 * @param repeat how many fresh JVMs measure each configuration
 * @param warmup batches between the first one and the measured ones, for each JVM that runs tasks
 * @param quick fewer configurations and shorter ones
 * @param seed decides the order and the data of the jobs
 * @param jobClass the user's own job, or null
 * @param classPath where the user's own job is
 */
public record Parameters(
        Set<Experiment> experiments,
        List<String> jobs,
        NavigableSet<Integer> workers,
        List<String> executors,
        String provider,
        int count,
        @Nullable Long size,
        int repeat,
        int warmup,
        boolean quick,
        long seed,
        @Nullable String jobClass,
        List<String> classPath) {
    /** A worker needs longer than the measuring JVM, since it shares the cores with the others and with their compilers. */
    private static final Duration QUICK_WARMUP = Duration.ofMillis(400), QUICK_WARMUP_OF_WORKER = Duration.ofSeconds(1);

    /**
     * The longest that a measuring JVM takes for its warm-up batches.
     *
     * @param workerJvms how many JVMs beside it are to be warm as well
     */
    public Duration warmupTime(int workerJvms) {
        return quick ? QUICK_WARMUP.plus(QUICK_WARMUP_OF_WORKER.multipliedBy(workerJvms)) : Duration.ofSeconds(10);
    }
}
