package dev.procpool.internal.worker;

import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.wire.ControlBlock;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Who reads the replies of one worker, and when. They are read under the {@code consumer} lock by whoever has time: the
 * reader thread, which a doorbell has woken; a thread that waits for a result of this worker ({@link #help}), which saves
 * two wake-ups; the monitor, if everybody else has failed.
 *
 * <p>Duties, which {@code src/docs/protocol.md} argues:
 *
 * <ol>
 *   <li>While somebody looks, the child rings no bell. So whoever stops looking first announces the sleep and then looks
 *       once more, on every way out.
 *   <li>A bell that finds the lock taken is forgotten. So the look comes after the lock was let go.
 *   <li>Who owes a look runs no foreign code before it. It hands the look over ({@link Worker#handOver}).
 *   <li>While lines hold up the reading ({@link Backlog#holdsUp}), whoever makes room reads on.
 * </ol>
 */
final class ReplyInbox {
    /** No answers have been taken. */
    private static final int NOTHING = -1;
    /** How long to wait for the heap of this JVM to have room again. */
    private static final long SHORTAGE_NANOS = 5_000_000;

    private final ControlBlock block;
    private final ReplyReader replies;
    private final Worker.Listener listener;
    private final Backlog backlog;
    /** Made once: a lambda that Java has to link while the heap is full can't be used any more. */
    private final BooleanSupplier isFull;

    private final Consumer<String> broken;

    /** Guards the reading side of the ring. Held for as long as it takes to copy what is there. */
    private final ReentrantLock consumer = new ReentrantLock();

    /** From then on nobody touches the control block: it is used again. Written under the consumer lock. */
    private volatile boolean closed;
    /** Whether frames had to be left for lack of memory; whoever left them comes back. Written under the consumer lock. */
    private volatile boolean starved;

    /** {@code broken} is told what is wrong with frames that are none. */
    ReplyInbox(ControlBlock block, Worker.Listener listener, Backlog backlog, Consumer<String> broken) {
        this.block = block;
        this.replies = new ReplyReader(block);
        this.listener = listener;
        this.backlog = backlog;
        this.isFull = backlog::isFull;
        this.broken = broken;
    }

    /** Takes out all frames that are there, unless somebody else is at it, or lines hold it up. */
    void drain() {
        while (!backlog.holdsUp() && consumer.tryLock()) {
            int turn = NOTHING;
            try {
                if (closed) {
                    return;
                }
                turn = take();
                block.parentSleeps(true);
            } finally {
                consumer.unlock();
            }
            deliver(turn);
            if (!replies.isAnythingThere()) {
                return;
            }
        }
    }

    /**
     * Looks for replies on the caller's thread, for as long as that seems worth it.
     *
     * @param done whether the caller has what it waits for
     * @param nanos how long to look without seeing any reply
     */
    void help(BooleanSupplier done, long nanos) {
        boolean goesOn = true;
        while (goesOn && !done.getAsBoolean() && !backlog.holdsUp() && consumer.tryLock()) {
            int turn = NOTHING;
            try {
                if (closed) {
                    return;
                }
                block.parentSleeps(false);
                if (replies.spin(done, nanos)) {
                    turn = take();
                }
                block.parentSleeps(true);
            } finally {
                consumer.unlock();
            }
            deliver(turn);
            goesOn = turn != NOTHING;
        }
        if (replies.isAnythingThere()) {
            drain();
        }
    }

    /** Whether somebody reads, but waits for this JVM's heap to have room. */
    boolean isStarved() {
        return starved;
    }

    /** Whether there are replies that nobody has taken out. */
    boolean isAnythingThere() {
        return replies.isAnythingThere();
    }

    /** After the end of the process: takes out all that it has left, whoever else is at it, and closes. */
    void close() {
        int turn = NOTHING;
        consumer.lock();
        try {
            while (!closed) {
                int more = take();
                turn = turn == NOTHING ? more : turn;
                closed |= !starved;
            }
        } finally {
            consumer.unlock();
        }
        deliver(turn);
    }

    /** Under the consumer lock. Takes out what is there; while lines wait for room, only until they are too many. */
    private int take() {
        try {
            replies.takeFrames(listener, isFull);
            starved = false;
        } catch (OutOfMemoryError e) { // this JVM's own shortage; what was there still is, and is looked at again
            starved = true;
            FullHeap.seen();
            LockSupport.parkNanos(SHORTAGE_NANOS);
        } catch (IOException | RuntimeException | Error e) {
            closed = true;
            broken.accept(e instanceof IOException ? e.getMessage() : e.toString());
        }
        return listener.framesTaken();
    }

    /** Outside of all locks. */
    private void deliver(int turn) {
        if (turn != NOTHING) {
            listener.deliver(turn);
        }
    }
}
