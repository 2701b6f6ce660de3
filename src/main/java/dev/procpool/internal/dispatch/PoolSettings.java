package dev.procpool.internal.dispatch;

import java.time.Duration;
import java.util.Optional;

/**
 * How a pool uses its workers.
 *
 * @param name the name of the pool, for messages
 * @param workers how many may work at the same time
 * @param minWorkers how many stay when there is nothing to do
 * @param idleTimeout after how long of nothing to do a worker beyond these ends; empty for never
 * @param callsPerWorker after how many calls a worker is recycled
 * @param maxWorkerMemory from which resident set size on a worker is recycled, in bytes
 * @param queueCapacity how many calls may wait before {@code submit} blocks
 */
public record PoolSettings(
        String name,
        int workers,
        int minWorkers,
        Optional<Duration> idleTimeout,
        long callsPerWorker,
        long maxWorkerMemory,
        int queueCapacity) {}
