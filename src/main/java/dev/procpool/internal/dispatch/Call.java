package dev.procpool.internal.dispatch;

import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.worker.Death;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A numbered, encoded task on its way. What it means for the caller is up to the subclass; this class holds where it is.
 *
 * <pre>
 *  state      meaning                                   next
 *  WAITING    in the waiting line, {@link #payload} set ALLOWED, SETTLED
 *  ALLOWED    in a window, may be claimed any time      ANSWERED, WAITING (withdrawn, or its worker died first),
 *                                                       SETTLED (victim of a crash, cancelled before its start)
 *  ANSWERED   all its replies were taken out            SETTLED
 *  SETTLED    its future is completed, or about to be
 * </pre>
 *
 * Fields are guarded by the dispatcher's lock unless said otherwise.
 */
public abstract class Call extends Step {
    private static final AtomicIntegerFieldUpdater<Call> OVER =
            AtomicIntegerFieldUpdater.newUpdater(Call.class, "over");

    /** One of {@link dev.procpool.internal.wire.Frames}' call kinds. */
    final byte kind;
    /** How long it may run, in nanoseconds; 0 for no limit. */
    protected final long timeoutNanos;
    /** How many times it may be started again after a crash or a time-out. */
    private final int retries;
    /** What nearly all calls do without; made by the first worker that dies while it runs this call. */
    private @Nullable Mishaps mishaps;

    /** The encoded task while it waits, and for as long as it may have to be sent again; else null. */
    @Nullable Payload payload;

    /** The window that holds it; null while it waits. Written under the lock, read by anyone. */
    volatile @Nullable Window window;
    /** Its number in that window. Written before {@link #window}. */
    int number;

    /** Which definitions a worker needs before it can read the payload. */
    int[] definitions = Payload.NO_DEFINITIONS;

    /** An int, as everywhere in the kernel: a million of these objects may wait. */
    private volatile int workerPid = -1;
    /** 1 after {@link #settle}. */
    @SuppressWarnings("UnusedVariable") // it is read by OVER
    private volatile int over;

    /** A thread that looks for its reply; if there are several, any or none of them. */
    private @Nullable Thread awaitedBy;

    /** How it ends, if not by its replies. Written before it is put into a queue. */
    private @Nullable Verdict verdict;

    /** Why its reply could not be taken; guarded by the worker's consumer lock. */
    private @Nullable Throwable lost;

    /** How long its last reply was, in bytes. */
    private long replyLength;

    private enum Verdict {
        CONDEMNED,
        NEVER_STARTED
    }

    private static final class Mishaps {
        /** The workers that died while they ran the call, or rather the item of it that ran last. */
        List<Death> deaths = List.of();

        long deadliestItem;
        long ranNanos;
        long startedItems;
    }

    /** Makes a call in the state before WAITING. */
    protected Call(byte kind, long timeoutNanos, int retries) {
        this.kind = kind;
        this.timeoutNanos = timeoutNanos;
        this.retries = retries;
    }

    /** Whether nobody waits for it any more. */
    protected abstract boolean isAbandoned();

    /** Whether completing it runs callbacks, code that we know nothing of and that may take its time. */
    protected abstract boolean hasCallbacks();

    /** Whether completing it rebuilds objects, which can run code of theirs; asked after {@link #reply} was the last. */
    protected boolean decodesObjects() {
        return false;
    }

    /**
     * Takes one reply; under the worker's consumer lock, in order. Must be short and run no foreign code: what needs more
     * is kept for {@link #complete}.
     *
     * @return whether it was the last
     */
    protected abstract boolean reply(byte kind, byte[] buffer, int offset, int length);

    /**
     * Completes the future with what has kept this JVM from taking or decoding its reply: normally an OutOfMemoryError.
     * Outside of all locks.
     *
     * @param length the bytes of the reply
     */
    protected abstract void lost(Throwable why, long length);

    /** Takes what the task printed, if that is to be kept; under the consumer lock. */
    protected void printed(byte[] buffer, int offset, int length) {}

    /** Completes the future by the replies; called once, outside of all locks. */
    protected abstract void complete();

    /**
     * Its worker died while it ran, and it is not to be started again; outside of all locks.
     *
     * @param earlier the workers that it, or the item that ran, has taken before
     */
    protected abstract void crashed(Death death, List<Death> earlier);

    /** As {@link #crashed}, when it ran past its deadline and was stopped. */
    protected abstract void timedOut(Death death, List<Death> earlier);

    /** It was stopped, or will never start, since the pool ends; outside of all locks. */
    protected abstract void cancelled();

    /** The pool is broken; outside of all locks. */
    protected abstract void broken(BrokenReason reason);

    /** Nothing will happen to it any more, and its future is completed; called exactly once. */
    protected abstract void settled();

    /** Of a batch, how many items are answered; under the consumer lock, or after the worker's end. */
    protected long itemsDone() {
        return 0;
    }

    /** It is about to be started again: of a batch, what is done must not be done again. Under the dispatcher's lock. */
    protected void startAgain(Payload encoded) {}

    /** As {@link #cancelled}, for a call that {@link Dispatcher#shutdownNow} returned. */
    public final void neverStarted() {
        cancelled();
        settle();
    }

    /** Events that end a call can race; whoever is first counts. */
    final void settle() {
        if (OVER.compareAndSet(this, 0, 1)) {
            settled();
        }
    }

    /** Settles it if nobody waits for it any more; whether that was so. */
    final boolean settleIfAbandoned() {
        boolean abandoned = isAbandoned();
        if (abandoned) {
            settle();
        }
        return abandoned;
    }

    /** Whether its encoding has to be kept while it runs. */
    final boolean mayStartAgain() {
        return retries > 0;
    }

    /** Under the dispatcher's lock: notes that a worker died while it ran this call; whether that is to be forgiven. */
    final boolean forgive(Death death) {
        Mishaps known = mishaps();
        if (itemsDone() != known.deadliestItem) {
            known.deadliestItem = itemsDone();
            known.deaths = List.of();
        }
        known.deaths = new ArrayList<>(known.deaths);
        known.deaths.add(death);
        return known.deaths.size() <= retries;
    }

    private Mishaps mishaps() {
        Mishaps known = mishaps;
        if (known == null) {
            known = new Mishaps();
            mishaps = known;
        }
        return known;
    }

    /** Its worker's death is not forgiven: to be followed by {@link #perform}. */
    final Call condemned() {
        verdict = Verdict.CONDEMNED;
        return this;
    }

    /** The pool's end came before it could start again: to be followed by {@link #perform}. */
    final Call givenUp() {
        verdict = Verdict.NEVER_STARTED;
        return this;
    }

    private void condemn() {
        List<Death> deaths = mishaps().deaths;
        Death last = deaths.get(deaths.size() - 1);
        List<Death> earlier = List.copyOf(deaths.subList(0, deaths.size() - 1));
        if (last.cause() == Death.Cause.DEADLINE) {
            timedOut(last, earlier);
        } else {
            crashed(last, earlier);
        }
    }

    /** When its worker died: how long it had been running, in nanoseconds; 0 if that is not known. */
    protected final long ranNanos() {
        return mishaps().ranNanos;
    }

    /** When its worker died: how many items of the batch had been started. */
    protected final long startedItems() {
        return mishaps().startedItems;
    }

    /**
     * To be called by a thread that is about to wait for a task: if it is running a callback, the callbacks of others go
     * on in another thread.
     */
    public static void aboutToBlock() {
        DeliveryQueue.aboutToBlock();
    }

    /** Whether the child has claimed it. */
    protected final boolean hasStarted() {
        Window holder = window;
        return holder != null && holder.hasClaimed(number) && window == holder;
    }

    /** The process that has claimed it, or -1. */
    protected final long workerPid() {
        Window holder = window;
        return holder != null && hasStarted() ? holder.worker().pid() : workerPid;
    }

    /** It is done: lets go of all that it doesn't need any more. */
    final void leaveWindow() {
        leaveWindowKeepingPayload();
        payload = null;
    }

    final void leaveWindowKeepingPayload() {
        Window holder = window;
        if (holder != null) {
            workerPid = (int) holder.worker().pid();
            window = null;
        }
    }

    /** Its worker died while it ran. */
    final void died(long startedItems, long ranNanos) {
        mishaps().startedItems = startedItems;
        mishaps().ranNanos = ranNanos;
        leaveWindowKeepingPayload();
    }

    /** Looks for its replies on the caller's thread for a short while. */
    protected final void help(BooleanSupplier done) {
        Window holder = window;
        if (holder != null) {
            awaitedBy = Thread.currentThread();
            holder.help(done);
            awaitedBy = null;
        }
    }

    @Override
    final boolean isForeign() {
        return verdict != null || hasCallbacks() || (lost == null && decodesObjects());
    }

    /** Rebuilding a result is no more than the thread that waits for it would do anyway. */
    @Override
    final boolean isAwaitedHere() {
        return awaitedBy == Thread.currentThread() && !hasCallbacks();
    }

    /** Takes one reply, as {@link #reply}; what goes wrong becomes the outcome. Under the consumer lock. */
    final boolean take(byte kind, byte[] buffer, int offset, int length) {
        replyLength = length;
        try {
            return reply(kind, buffer, offset, length);
        } catch (OutOfMemoryError e) { // of this JVM, for a moment: no reason to blame the worker
            return lose(kind, length, e);
        }
    }

    /** Notes that it can't be sent again, for lack of memory: to be followed by {@link #perform}. */
    final void lose(OutOfMemoryError why) {
        lost = why;
        replyLength = 0;
    }

    /** Notes that a reply of this kind could not be taken; whether it was the last. Under the consumer lock. */
    final boolean lose(byte replyKind, long length, Throwable why) {
        lost = why;
        replyLength = length;
        return kind != Frames.BATCH || replyKind == Frames.BATCH_DONE;
    }

    /** Completes the future, contains what that brings about, and lets go of all. */
    @Override
    final boolean perform() {
        leaveWindow();
        if (verdict != null) {
            return carryOut(verdict);
        }
        try {
            if (lost == null) {
                complete();
            } else {
                lost(lost, replyLength);
            }
        } catch (Throwable e) { // what is decoded may throw anything; the heap may be full
            return failBy(e);
        }
        settle();
        return true;
    }

    private boolean carryOut(Verdict of) {
        try {
            if (of == Verdict.CONDEMNED) {
                condemn();
            } else {
                cancelled();
            }
        } catch (Throwable e) {
            return !FullHeap.isCauseOf(e) && failBy(e);
        }
        settle();
        return true;
    }

    private boolean failBy(Throwable why) {
        try {
            lost(why, replyLength);
        } catch (Throwable e) {
            if (FullHeap.isCauseOf(e)) { // not even for the exception: it is tried again
                return false;
            }
            throw e;
        }
        settle();
        return true;
    }
}
