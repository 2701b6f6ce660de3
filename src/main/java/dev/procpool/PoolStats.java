package dev.procpool;

/**
 * Counters of a pool since it was created. Each is exact; together they are a snapshot that need not be of one instant.
 * Whenever nothing happens, {@code submitted} is the sum of {@code completed}, {@code failed}, {@code cancelled} and the
 * tasks whose futures are open.
 *
 * @param submitted tasks accepted
 * @param completed tasks that returned a value
 * @param failed tasks whose future completed with an exception other than cancellation
 * @param cancelled tasks given up before they finished: their futures were cancelled, or completed by somebody else than the
 *     pool ({@link PoolFuture})
 * @param retried starts beyond the first, after a crash or a time-out
 * @param workersStarted child JVMs that became ready
 * @param workersCrashed child JVMs that died, or were killed, without being asked to end
 * @param workersRecycled child JVMs replaced as planned (task count, memory)
 * @param rescued tasks whose results lay unread until the pool's safety net found them; anything but 0 is a bug of the pool
 * @param linesDropped lines that tasks printed and that were dropped, since the consumer of {@link WorkerOutput} was stuck
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
        long rescued,
        long linesDropped) {
    /** The counters of a pool whose safety net has found nothing, and that has dropped no line. */
    public PoolStats(
            long submitted,
            long completed,
            long failed,
            long cancelled,
            long retried,
            long workersStarted,
            long workersCrashed,
            long workersRecycled) {
        this(submitted, completed, failed, cancelled, retried, workersStarted, workersCrashed, workersRecycled, 0, 0);
    }
}
