package dev.procpool.internal.dispatch;

import dev.procpool.internal.worker.Worker;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be done for one worker outside of all locks, one after the other: futures to complete, lines to hand
 * out. At most one <em>runner</em> at a time takes steps; it may be left behind in one that blocks.
 *
 * <pre>
 *  no runner ──offer──▶ a thread that has read replies, as long as steps run no foreign code
 *      │ ▲                  │ the next step is foreign, or it is left behind in a step
 *      │ └──no steps left───┤
 *      │                    ▼
 *      └──────add──────▶ a thread of the pool ──left behind──▶ another thread of the pool
 * </pre>
 *
 * <p>A runner is left behind when it is {@link #aboutToBlock} on another task, or {@link #compensate} finds it in the same
 * step for more than {@value #PATIENCE_NANOS} ns. The step goes on, and the steps behind it go on in another thread. If the runner was a thread
 * that reads replies, {@link Reading} sees to it that another one reads on.
 *
 * <p>Lines must not overtake each other. So the lines behind one whose consumer is left behind are held until it returns,
 * {@value #MOST_HELD} characters of them at most; more are dropped and counted. Whatever isn't a line passes them. A consumer of lines
 * has {@value #LINE_PATIENCE_NANOS} ns before it is left behind: until then it is the printing that waits.
 *
 * <p>Nothing is allocated to add a step, so answers survive a full heap. A step that fails for lack of memory, or finds no
 * thread to run it, stays first in the queue; {@link #compensate} tries again.
 */
final class DeliveryQueue {
    /** Looks may follow each other closely: what counts is the time. */
    private static final long PATIENCE_NANOS = 50_000_000;

    private static final long LINE_PATIENCE_NANOS = 1_000_000_000;
    /** In characters: little beside what a worker may print ahead before it has to wait. */
    private static final int MOST_HELD = 1 << 17;
    /** What a line takes besides its characters. */
    private static final int PER_LINE = 100;

    private static final ThreadLocal<@Nullable Running> CURRENT = new ThreadLocal<>();

    private final Executor threads;
    private final Reading reading;

    private @Nullable Step first;
    private @Nullable Step last;
    /** The number of the runner; one whose number is no longer this takes no further step. */
    private int runner;

    private boolean running;
    /** Whether the runner is a thread that has read replies. */
    private boolean runnerReads;
    /** What the runner is at. */
    private @Nullable Step current;
    /** Counts steps taken, to see whether there is progress. */
    private long taken;

    private long takenAtLastLook;
    private long stalledNanos;

    /** The line whose consumer was left behind, and the lines held until it returns. */
    private @Nullable LineStep stuck;

    private @Nullable LineStep firstHeld;
    private @Nullable LineStep lastHeld;
    private int held;

    /**
     * Makes an empty queue.
     *
     * @param threads runs steps
     * @param reading told when a thread that reads replies is, or may be, kept from it
     */
    DeliveryQueue(Executor threads, Reading reading) {
        this.threads = threads;
        this.reading = reading;
    }

    /** The reading of replies, from which a thread may be kept by a step. */
    interface Reading {
        /** The calling thread is about to run foreign code: if it still owes a look at the ring, another one takes it. */
        void handOver();

        /** A thread that reads replies was left behind in a step: another one reads on. */
        void readOn();
    }

    /** No lambda: one that Java has to link while the heap is full can't be used any more. */
    private final class Runner implements Runnable {
        private final int number;

        Runner(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            runOn(number);
        }
    }

    /** What a thread is doing: steps of this queue, as this runner. */
    private record Running(DeliveryQueue queue, int runner) {}

    /** The step that hands out a line, or drops it. */
    static final class LineStep extends Step {
        private final Worker.Line line;
        private boolean dropped;

        LineStep(Worker.Line line) {
            this.line = line;
        }

        private int size() {
            return line.size() + PER_LINE;
        }

        @Override
        boolean perform() {
            if (dropped) {
                line.drop();
            } else {
                line.handOut();
            }
            return true;
        }

        @Override
        boolean isForeign() {
            return true;
        }
    }

    // ---- adding -----------------------------------------------------------------------------------------------------

    /** Adds a step that a thread of the pool will do. */
    synchronized void add(Step step) {
        append(step, step);
        if (!running) {
            startRunner();
        }
    }

    /**
     * Adds linked steps that the calling thread has found, and is about to do itself if nobody else is at work.
     *
     * @return the caller's turn, to be given to {@link #runHere}; 0 if others do these steps
     */
    synchronized int offer(Step head, Step tail) {
        append(head, tail);
        if (running) {
            return 0;
        }
        running = true;
        runnerReads = true;
        current = null;
        return ++runner;
    }

    private void append(Step head, Step tail) {
        if (last == null) {
            first = head;
        } else {
            last.next = head;
        }
        last = tail;
    }

    private @Nullable Step poll() {
        Step step = first;
        if (step != null) {
            first = step.next;
            step.next = null;
            last = first == null ? null : last;
        }
        return step;
    }

    // ---- running ----------------------------------------------------------------------------------------------------

    /** Does steps on this thread until there are none, or the next is foreign and for another thread. */
    void runHere(int turn) {
        Step step;
        while ((step = nextHere(turn)) != null) {
            if (step.isForeign()) {
                performForeign(step, turn);
            } else {
                perform(step);
            }
        }
    }

    private void performForeign(Step step, int turn) {
        Running outer;
        try {
            reading.handOver();
            outer = CURRENT.get();
            CURRENT.set(new Running(this, turn));
        } catch (OutOfMemoryError e) { // compensate() tries again
            putBack(step);
            return;
        }
        perform(step);
        CURRENT.set(outer);
    }

    private synchronized @Nullable Step nextHere(int mine) {
        if (mine != runner) {
            return null;
        }
        Step step = first;
        if (step != null && step.isForeign() && !step.isAwaitedHere()) {
            startRunner();
            return null;
        }
        return take();
    }

    private void runOn(int mine) {
        CURRENT.set(new Running(this, mine));
        try {
            Step step;
            while ((step = next(mine)) != null) {
                perform(step);
            }
        } finally {
            CURRENT.remove();
        }
    }

    private synchronized @Nullable Step next(int mine) {
        return mine == runner ? take() : null;
    }

    private @Nullable Step take() {
        Step step = poll();
        while (stuck != null && step instanceof LineStep line && !hold(line)) {
            step = poll();
        }
        current = step;
        running = step != null;
        taken++;
        return step;
    }

    /** Keeps a line for later; true if there is no room, so that it has to be dropped now. */
    private boolean hold(LineStep line) {
        if (held + line.size() > MOST_HELD) {
            line.dropped = true;
            return true;
        }
        held += line.size();
        if (lastHeld == null) {
            firstHeld = line;
        } else {
            lastHeld.next = line;
        }
        lastHeld = line;
        return false;
    }

    private void perform(Step step) {
        if (!done(step)) {
            putBack(step);
        }
        if (step instanceof LineStep line) {
            Step more;
            while ((more = nextHeld(line)) != null) {
                done(more);
            }
        }
    }

    private static boolean done(Step step) {
        try {
            return step.perform();
        } catch (Throwable e) { // a callback or a consumer of lines that throws must not stop what is behind it
            report(e);
            return true;
        }
    }

    private synchronized void putBack(Step step) {
        step.next = first;
        first = step;
        last = last == null ? step : last;
        if (current == step) {
            running = false;
            runner++;
        }
    }

    /** After the line {@code returned}: the next of those that were held because of it. */
    private synchronized @Nullable Step nextHeld(LineStep returned) {
        if (stuck != returned) {
            return null;
        }
        LineStep line = firstHeld;
        if (line == null) {
            stuck = null;
            return null;
        }
        firstHeld = (LineStep) line.next;
        lastHeld = firstHeld == null ? null : lastHeld;
        line.next = null;
        held -= line.size();
        return line;
    }

    /** Reports an exception that has no future to go to. */
    static void report(Throwable thrown) {
        try {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } catch (Throwable e) { // the handler's own failure, such as a full heap: there is nobody left to tell
            thrown = e;
        }
    }

    // ---- leaving behind ---------------------------------------------------------------------------------------------

    /** Whether nothing is under way or waiting. */
    synchronized boolean isIdle() {
        return !running && first == null;
    }

    /**
     * Called from time to time.
     *
     * @param passed the nanoseconds since the last call
     */
    void compensate(long passed) {
        boolean readOn;
        synchronized (this) {
            stalledNanos = running && taken == takenAtLastLook ? stalledNanos + passed : 0;
            takenAtLastLook = taken;
            if (!running && first != null) {
                startRunner();
            }
            long patience = current instanceof LineStep ? LINE_PATIENCE_NANOS : PATIENCE_NANOS;
            readOn = stalledNanos > patience && leaveBehind();
        }
        if (readOn) {
            reading.readOn();
        }
    }

    /** To be called by a thread that is about to wait for a task: if it is doing a step, the rest goes on without it. */
    static void aboutToBlock() {
        Running here = CURRENT.get();
        if (here != null) {
            CURRENT.remove();
            here.queue.runnerBlocks(here.runner);
        }
    }

    private void runnerBlocks(int mine) {
        boolean readOn;
        synchronized (this) {
            readOn = mine == runner && running && leaveBehind();
        }
        if (readOn) {
            reading.readOn();
        }
    }

    /** Whether the runner was a thread that reads replies. */
    private boolean leaveBehind() {
        boolean readOn = runnerReads;
        if (current instanceof LineStep line && stuck == null) {
            stuck = line;
        }
        if (first != null) {
            startRunner();
        } else {
            running = false;
            runnerReads = false;
            runner++;
        }
        return readOn;
    }

    private void startRunner() {
        running = true;
        runnerReads = false;
        current = null;
        int mine = ++runner;
        try {
            threads.execute(new Runner(mine));
        } catch (OutOfMemoryError e) { // no thread left, or no heap: compensate() tries again
            running = false;
        }
    }
}
