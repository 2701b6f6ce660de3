package dev.procpool.internal.dispatch;

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
    private static final ThreadLocal<@Nullable SerialQueue> CURRENT = new ThreadLocal<>();

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

    /**
     * Adds a step that this thread is about to run itself by {@link #runOne}, if it is its turn at once.
     *
     * @return its turn; 0 if others are before it, and another thread runs it
     */
    synchronized int addForThisThread(Runnable step) {
        if (!isIdle()) {
            add(step);
            return 0;
        }
        steps.add(step);
        running = true;
        return ++runner;
    }

    /** Runs the step that {@link #addForThisThread} gave this turn for, and leaves those behind it to another thread. */
    void runOne(int turn) {
        Runnable step = next(turn);
        if (step == null) {
            return;
        }
        SerialQueue outer = CURRENT.get();
        CURRENT.set(this);
        try {
            run(step);
        } finally {
            CURRENT.set(outer);
            passOn(turn);
        }
    }

    private synchronized void passOn(int turn) {
        if (turn == runner) {
            running = false;
            if (!steps.isEmpty()) {
                startRunner();
            }
        }
    }

    /** Whether nothing is under way or waiting. */
    synchronized boolean isIdle() {
        return !running && steps.isEmpty();
    }

    /** Called from time to time: passes the rest on when the runner has been at one step ever since the last look. */
    synchronized void compensate() {
        boolean stuck = !running || (!patient && taken == takenAtLastLook);
        if (stuck && !steps.isEmpty()) {
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
        try {
            threads.execute(() -> run(mine));
        } catch (OutOfMemoryError e) { // the system has no thread left: compensate() tries again
            running = false;
        }
    }

    private void run(int mine) {
        CURRENT.set(this);
        try {
            Runnable step;
            while ((step = next(mine)) != null) {
                run(step);
            }
        } finally {
            CURRENT.remove();
        }
    }

    private static void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) { // a consumer of lines that throws must not stop the lines of others
            report(e);
        }
    }

    /** Tells of what nobody can be given. */
    static void report(Throwable thrown) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
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
