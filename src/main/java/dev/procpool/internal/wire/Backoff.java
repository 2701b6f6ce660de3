package dev.procpool.internal.wire;

import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the other side of a ring while a frame is streamed: first spins, then yields, then sleeps for ever longer,
 * up to a millisecond. Not thread-safe.
 */
public final class Backoff {
    /**
     * How long one may spin without yielding. Systems like to wake a process on the core of the one that wakes it: then a
     * spinner keeps from its work the very process that it waits for, and both take turns in time slices.
     */
    public static final long SOLITARY_NANOS = 4_000;

    private static final int SPINS = 500;
    private static final int YIELDS = SPINS + 50;
    private static final int NAPS = YIELDS + 200;
    private static final long NAP_NANOS = 20_000;
    private static final long SLEEP_NANOS = 1_000_000;

    private int round;

    /** There was progress: start over. */
    public void reset() {
        round = 0;
    }

    /** Waits a little, longer each time. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is only a hint here, nothing depends on it
    public void pause() {
        if (round < SPINS) {
            Thread.onSpinWait();
        } else if (round < YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(round < NAPS ? NAP_NANOS : SLEEP_NANOS);
        }
        round = Math.min(round + 1, NAPS);
    }

    /** Whether there has been no progress for so long (some 10 ms) that the other side can't be in the middle of it. */
    public boolean isPatienceSpent() {
        return round == NAPS;
    }
}
