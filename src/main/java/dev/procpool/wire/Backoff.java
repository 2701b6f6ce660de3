package dev.procpool.wire;

import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the other side of a ring while a frame is streamed: first spins, then yields, then sleeps for ever longer,
 * up to a millisecond. Not thread-safe.
 */
public final class Backoff {
    private int round;

    /** There was progress: start over. */
    public void reset() {
        round = 0;
    }

    /** Waits a little, longer each time. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is only a hint here, nothing depends on it
    public void pause() {
        if (round < 200) {
            Thread.onSpinWait();
        } else if (round < 220) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(Math.min(1_000_000L, 20_000L << Math.min(6, (round - 220) / 8)));
        }
        round++;
    }
}
