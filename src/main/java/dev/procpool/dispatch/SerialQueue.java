package dev.procpool.dispatch;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs foreign code (callbacks of futures, consumers of lines) one after the other, away from the threads that read
 * replies. A callback that blocks is left behind after a while: the steps after it go on in another thread. A consumer
 * of lines isn't, since lines must not overtake each other; unless it waits for another task of the pool.
 */
final class SerialQueue {
    private final Executor threads;
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    /** Who may take steps; a runner whose number is no longer this one stops after its step. */
    private int runner;

    private boolean running;
    /** Whether the step that is being run holds up the others, however long it takes. */
    private boolean patient;
    /** Counts steps taken, to see whether there is progress. */
    private long taken;

    private long takenAtLastLook;
    private static final ThreadLocal<SerialQueue> CURRENT = new ThreadLocal<>();

    SerialQueue(Executor threads) {
        this.threads = threads;
    }

    /** A step that the others wait for, however long it takes. */
    private record Patient(Runnable step) implements Runnable {
        @Override
        public void run() {
            step.run();
        }
    }

    /** Adds a step that hands out a line. */
    void addLine(Runnable step) {
        add(new Patient(step));
    }

    /** Adds a step. */
    synchronized void add(Runnable step) {
        steps.add(step);
        if (!running) {
            startRunner();
        }
    }

    /** Whether nothing is under way or waiting. */
    synchronized boolean isIdle() {
        return !running;
    }

    /** Called from time to time: passes the rest on when the runner has been at one step ever since the last look. */
    synchronized void compensate() {
        if (running && !patient && taken == takenAtLastLook && !steps.isEmpty()) {
            startRunner();
        }
        takenAtLastLook = taken;
    }

    /** Called by a thread that is about to block: if it runs a step, the rest goes on without it. */
    static void aboutToBlock() {
        SerialQueue queue = CURRENT.get();
        if (queue != null) {
            queue.passOn();
        }
    }

    private synchronized void passOn() {
        CURRENT.remove();
        if (running) {
            startRunner();
        }
    }

    private void startRunner() {
        running = true;
        int mine = ++runner;
        threads.execute(() -> run(mine));
    }

    private void run(int mine) {
        CURRENT.set(this);
        try {
            Runnable step;
            while ((step = next(mine)) != null) {
                try {
                    step.run();
                } catch (Throwable e) { // a consumer of lines that throws must not stop the lines of others
                    Thread thread = Thread.currentThread();
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
                }
            }
        } finally {
            CURRENT.remove();
        }
    }

    private synchronized @Nullable Runnable next(int mine) {
        if (mine != runner) {
            return null;
        }
        Runnable step = steps.poll();
        patient = step instanceof Patient;
        taken++;
        running = step != null;
        return step;
    }
}
