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
 * @param rescued tasks whose results lay unread until the pool's safety net found them; anything but 0 is a bug of the pool
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
        long rescued) {
    /** The counters of a pool whose safety net has found nothing. */
    public PoolStats(
            long submitted,
            long completed,
            long failed,
            long cancelled,
            long retried,
            long workersStarted,
            long workersCrashed,
            long workersRecycled) {
        this(submitted, completed, failed, cancelled, retried, workersStarted, workersCrashed, workersRecycled, 0);
    }
}
