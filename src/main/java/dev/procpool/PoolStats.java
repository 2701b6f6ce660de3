package dev.procpool;

/**
 * Counters of a pool since it was created. Each is exact; together they are a snapshot that need not be of one instant.
 *
 * @param submitted tasks accepted
 * @param completed tasks that returned a value
 * @param failed tasks whose future completed with an exception other than cancellation
 * @param cancelled tasks cancelled before they finished
 * @param retried starts beyond the first, after a crash or a time-out
 * @param workersStarted child JVMs that became ready
 * @param workersCrashed child JVMs that died, or were killed, without being asked to end
 * @param workersRecycled child JVMs replaced as planned (task count, memory)
 * @param rescued replies that the monitor took out because nobody read them; always 0 unless there is a bug
 */
public record PoolStats(
        long submitted,
        long completed,
        long failed,
        long cancelled,
        long retried,
        long workersStarted,
        long workersCrashed,
        long workersRecycled,
        long rescued) {}
