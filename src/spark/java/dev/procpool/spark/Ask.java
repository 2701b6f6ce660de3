package dev.procpool.spark;

import java.io.Serializable;

/**
 * What an executor tells the driver. The driver answers with a group of tasks, as in {@link Groups}; with no bytes if
 * none was asked for; or with no bytes when the lease is over.
 *
 * @param lease whose slot it is
 * @param attempt which of Spark's attempts to run the lease's partition
 * @param pid the executor's process
 * @param wantsWork whether the executor is idle
 * @param nanos how long the tasks ran that are reported
 * @param replies what became of tasks of the last group, as in {@link Groups}
 */
record Ask(long lease, int attempt, long pid, boolean wantsWork, long nanos, byte[] replies) implements Serializable {}
