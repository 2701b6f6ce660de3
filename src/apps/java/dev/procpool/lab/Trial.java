package dev.procpool.lab;

import dev.procpool.lab.measure.Configuration;

/**
 * One measurement of a configuration, in one fresh JVM.
 *
 * @param configuration what is measured
 * @param round the how-manieth time, from 0
 * @param warmup batches between the first one and the measured ones, if the time for them suffices
 * @param batches measured batches
 */
record Trial(Configuration configuration, int round, int warmup, int batches) {}
