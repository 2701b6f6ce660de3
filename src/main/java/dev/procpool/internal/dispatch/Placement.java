package dev.procpool.internal.dispatch;

import dev.procpool.internal.wire.Payload;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which worker gets which call: the waiting line, and all moves between it and the windows. Guarded by the dispatcher's
 * lock. Windows that have to be woken after the lock was let go are added to a list, {@code rings}.
 */
final class Placement {
    /** Has the body of a long call written, by another thread. */
    @FunctionalInterface
    interface Feeder {
        void feed(Window window, Call call, Payload body);
    }

    private final Roster roster;
    private final int capacity;
    private final Feeder feeder;
    private final Consumer<OutOfMemoryError> shortage;
    private final ReentrantLock lock;
    private final Condition room;
    private final CallLine line = new CallLine();
    private final Depth depth = new Depth();
    /** How many workers may work at the same time. */
    private int target;

    /** About how many calls in the line were cancelled while they waited. */
    private int cancelled;

    Placement(
            Roster roster,
            PoolSettings settings,
            ReentrantLock lock,
            Feeder feeder,
            Consumer<OutOfMemoryError> shortage) {
        this.roster = roster;
        this.capacity = settings.queueCapacity();
        this.target = settings.workers();
        this.lock = lock;
        this.room = lock.newCondition();
        this.feeder = feeder;
        this.shortage = shortage;
    }

    int target() {
        return target;
    }

    void setTarget(int workers) {
        target = workers;
    }

    // ---- the waiting line -------------------------------------------------------------------------------------------

    int waiting() {
        return line.size();
    }

    boolean isAnyWaiting() {
        return !line.isEmpty();
    }

    boolean hasRoom() {
        return line.size() < capacity;
    }

    /** Lets the lock go until there may be room, or a reason to wait no more. */
    @SuppressWarnings("WaitNotInLoop") // the caller asks again, and whether the pool still takes calls, too
    void awaitRoom() throws InterruptedException {
        room.await();
    }

    /** Those that wait for room look again. */
    void signalRoom() {
        room.signalAll();
    }

    void addLast(Call call) {
        line.addLast(call);
    }

    /** Puts calls that were taken back at the front of the line, in their order. */
    void requeue(List<Call> calls) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            line.addFirst(calls.get(i));
        }
    }

    /** Takes all calls out of the line. */
    List<Call> takeAll() {
        List<Call> calls = line.takeAll();
        signalRoom();
        return calls;
    }

    /** A call in the line was cancelled: it is passed over when its turn comes, or is forgotten before. */
    void cancelledInLine() {
        if (++cancelled > line.size() / 2 || lock.hasWaiters(room)) {
            cancelled = 0; // cancelled calls must not hold memory, nor keep others waiting for room
            line.removeIf(Call::settleIfAbandoned);
            signalRoom();
        }
    }

    // ---- into windows -----------------------------------------------------------------------------------------------

    /**
     * The window for a call that was just submitted: the one with the fewest calls that has room. Null if the call has to
     * wait: behind others, or for a worker; no more than {@link #target} get anything to do.
     */
    @Nullable Window choose(Payload body) {
        if (!line.isEmpty()) {
            return null;
        }
        Window best = null;
        int fewest = Integer.MAX_VALUE;
        int busy = 0;
        List<Window> windows = roster.windows;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            int outstanding = window.outstanding();
            busy += window.isBusy() ? 1 : 0;
            if (outstanding < fewest && outstanding < depth.calls() && window.hasRoomFor(body)) {
                best = window;
                fewest = outstanding;
            }
        }
        if (fewest > 0 || busy < target) {
            return best;
        }
        return null; // only a spare is idle, and as many as may are at work
    }

    void fillIdle(List<Window> rings) {
        for (int i = 0; i < roster.windows.size(); i++) {
            if (roster.windows.get(i).isIdle()) {
                fill(roster.windows.get(i), rings);
            }
        }
    }

    /** Gives a window its share of the waiting line, or else of what another window holds unclaimed. */
    void fill(Window window, List<Window> rings) {
        if (window.state != Window.State.READY || (window.outstanding() == 0 && roster.busy() >= target)) {
            return;
        }
        window.measure(depth, !line.isEmpty());
        try {
            fillFromLine(window, rings);
            if (line.isEmpty() && window.isIdle()) {
                steal(window, rings);
            }
        } catch (OutOfMemoryError e) { // what could not be moved is still in the line
            shortage.accept(e);
        }
        if (lock.hasWaiters(room) && hasRoom()) {
            signalRoom();
        }
    }

    private void fillFromLine(Window window, List<Window> rings) {
        int share = Math.max(1, line.size() / Math.max(1, roster.live()));
        while (share > 0 && !line.isEmpty() && window.outstanding() < depth.calls()) {
            Call call = Objects.requireNonNull(line.peek());
            if (call.settleIfAbandoned()) {
                line.poll();
                continue;
            }
            Payload body = call.payload;
            if (body == null || !window.hasRoomFor(body)) {
                break;
            }
            appendFirst(window, body, rings);
            share--;
        }
    }

    /** Takes half of the richest window's unclaimed calls. */
    private void steal(Window idle, List<Window> rings) {
        Window richest = null;
        int most = 0;
        for (Window window : roster.windows) {
            if (window != idle && window.state == Window.State.READY && !window.streaming) {
                int unclaimed = window.unclaimed();
                if (unclaimed > most) {
                    most = unclaimed;
                    richest = window;
                }
            }
        }
        if (richest == null) {
            return;
        }
        List<Call> calls = richest.withdraw(richest.allowed - (most + 1) / 2 + 1);
        requeue(calls);
        for (int left = calls.size(); left > 0; left--) {
            Payload body = Objects.requireNonNull(line.peek()).payload;
            if (body == null || !idle.hasRoomFor(body)) {
                break;
            }
            appendFirst(idle, body, rings);
        }
    }

    /** Appends the first call of the line; it stays there if there is no memory for that. */
    private void appendFirst(Window window, Payload body, List<Window> rings) {
        Call call = Objects.requireNonNull(line.poll());
        try {
            if (window.append(call, body)) {
                rings.add(window);
            }
        } catch (OutOfMemoryError e) {
            line.addFirst(call);
            throw e;
        }
        if (window.streaming) {
            feeder.feed(window, call, body);
        } else if (!call.mayStartAgain()) {
            call.payload = null; // from here on its bytes are in the ring
        }
    }
}
