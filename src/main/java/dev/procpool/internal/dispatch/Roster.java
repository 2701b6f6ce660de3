package dev.procpool.internal.dispatch;

import java.util.ArrayList;
import java.util.List;

/** The windows of all workers of a pool, and what can be said of them together. Guarded by the dispatcher's lock. */
final class Roster {
    /** A JVM takes less than this to start; what it does after that, such as an initializer, may take its time. */
    private static final long START_NANOS = 500_000_000;

    /** Of those whose processes exist, or are about to; in the order in which they were started. */
    final List<Window> windows = new ArrayList<>();
    /** Of those whose processes have ended, but whose last callbacks and lines are still to be delivered. */
    final List<Window> leaving = new ArrayList<>();

    /** How many workers are there, or coming, that may still get calls. */
    int live() {
        int live = 0;
        for (Window window : windows) {
            if (window.state == Window.State.STARTING || (window.state == Window.State.READY && window.callsLeft > 0)) {
                live++;
            }
        }
        return live;
    }

    /** How many JVMs are starting, as far as one can tell: what takes longer than usual is waiting for something else. */
    int starting(long now) {
        int starting = 0;
        for (Window window : windows) {
            if (window.state == Window.State.STARTING && now - window.idleSince < START_NANOS) {
                starting++;
            }
        }
        return starting;
    }

    /** How many have something to do. */
    int busy() {
        int busy = 0;
        for (int i = 0; i < windows.size(); i++) {
            busy += windows.get(i).isBusy() ? 1 : 0;
        }
        return busy;
    }

    /** How many calls those hold that get calls. */
    int outstanding() {
        int calls = 0;
        for (Window window : windows) {
            if (window.state == Window.State.READY) {
                calls += window.outstanding();
            }
        }
        return calls;
    }

    boolean isAnyReady() {
        for (Window window : windows) {
            if (window.state == Window.State.READY) {
                return true;
            }
        }
        return false;
    }

    /** Whether any call is under way: in a window, or about to be taken back from a dead one. */
    boolean isAnythingOutstanding() {
        for (Window window : leaving) {
            if (window.streaming) {
                return true;
            }
        }
        return busy() > 0;
    }

    /** A process has ended; whether that is news. */
    boolean leave(Window window) {
        if (!windows.contains(window)) {
            return false;
        }
        leaving.add(window); // may find no memory: then nothing has changed
        windows.remove(window);
        return true;
    }

    boolean isEmpty() {
        return windows.isEmpty() && leaving.isEmpty();
    }

    /** All workers that have a process. */
    List<Snapshot> snapshot() {
        return windows.stream().filter(Window::hasWorker).map(Snapshot::of).toList();
    }
}
