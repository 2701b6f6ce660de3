package dev.procpool.soak;

import java.time.Duration;

/**
 * What to do in a chaos run.
 *
 * @param workers how many workers the pool has
 * @param threads how many threads submit tasks
 * @param duration after which no more tasks are submitted
 * @param tasks after how many tasks no more are submitted
 * @param killEvery the pause between two attacks on workers; zero for none
 * @param retries 0: all kinds of tasks, none of which may start twice; else tiny tasks with so many retries
 * @param threadsWait whether the threads wait for harmless tasks in all the ways there are, as those of a server do
 * @param seed of all that is random
 */
public record SoakPlan(
        int workers,
        int threads,
        Duration duration,
        int tasks,
        Duration killEvery,
        int retries,
        boolean threadsWait,
        long seed) {
    /** The heap of a worker: small, so that running out of it doesn't take long. */
    static final long WORKER_HEAP = 64L << 20;
    /** After how long without a sign of life a worker that was stopped is killed. */
    static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(5);

    /** Whether all tasks are tiny and may be repeated. */
    boolean isTiny() {
        return retries > 0;
    }
}
