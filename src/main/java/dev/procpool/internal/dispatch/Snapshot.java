package dev.procpool.internal.dispatch;

import dev.procpool.internal.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * One worker as it is at a moment.
 *
 * @param worker the worker
 * @param state what it is doing
 * @param done calls answered
 * @param running what it runs, or null
 * @param runningNanos for how long
 * @param heap bytes of heap in use
 */
public record Snapshot(
        Worker worker,
        Window.State state,
        long done,
        @Nullable Call running,
        long runningNanos,
        long heap) {
    /** Of a window whose worker has a process; under the dispatcher's lock. */
    static Snapshot of(Window window) {
        boolean prepared = window.answered() > 0; // its first call is about the worker itself
        Call running = prepared ? window.running() : null;
        long since = running == null ? 0 : window.runningSince(running);
        return new Snapshot(
                window.worker(),
                window.state,
                prepared ? window.answered() - 1 : 0,
                running,
                since == 0 ? 0 : System.nanoTime() - since,
                window.controlBlock().heapUsed());
    }

    /** Whether it is still on its way to being ready. */
    public boolean isStarting() {
        return state == Window.State.STARTING;
    }

    /** Whether it takes no more calls. */
    public boolean isRetiring() {
        return state == Window.State.RETIRING;
    }

    /** Whether it was killed. */
    public boolean isDead() {
        return state.compareTo(Window.State.KILLED) >= 0;
    }
}
