package dev.procpool;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one worker is doing, as {@link ProcessPoolExecutor#workers()} saw it.
 *
 * @param id the number of the worker in its pool, from 1; a replacement gets a new one
 * @param pid its process id, or -1 before the process exists
 * @param state what it is doing
 * @param tasksDone tasks it has finished
 * @param currentTask label, or number, of the task that runs now
 * @param runningFor for how long that task has been running
 * @param rss resident set size in bytes, where the platform tells
 * @param heap bytes of heap in use, as last reported by the child
 */
public record WorkerInfo(
        int id,
        long pid,
        State state,
        long tasksDone,
        Optional<String> currentTask,
        Optional<Duration> runningFor,
        OptionalLong rss,
        long heap) {
    /** The states of a worker, in the order it passes through them. */
    public enum State {
        /** The process was asked for, the child has not reported yet. */
        STARTING,
        /** Waiting for a task. */
        IDLE,
        /** Running a task. */
        BUSY,
        /** Takes no more tasks and ends after those it has started. */
        RETIRING,
        /** Being killed, or dead. */
        DEAD
    }
}
