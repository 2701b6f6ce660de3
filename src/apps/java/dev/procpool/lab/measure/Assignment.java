package dev.procpool.lab.measure;

import org.jspecify.annotations.Nullable;

/**
 * What the lab asks of a measuring JVM.
 *
 * @param configuration what to measure
 * @param round the how-manieth time, from 0
 * @param warmup batches between the first one and the measured ones, if the time for them suffices
 * @param warmupMillis the time for them
 * @param batches measured batches
 * @param seed makes the data of the jobs repeatable
 * @param jobClass the user's own job, when that is what the configuration's job names
 * @param spinsPerMicrosecond how many steps of {@link SpinTask} this machine does in a microsecond
 * @param resultFile where the measurement goes
 */
public record Assignment(
        Configuration configuration,
        int round,
        int warmup,
        long warmupMillis,
        int batches,
        long seed,
        @Nullable String jobClass,
        double spinsPerMicrosecond,
        String resultFile) {}
