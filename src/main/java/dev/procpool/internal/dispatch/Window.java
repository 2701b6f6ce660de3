package dev.procpool.internal.dispatch;

import dev.procpool.internal.codec.Definitions;
import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.Ring;
import dev.procpool.internal.worker.Death;
import dev.procpool.internal.worker.Worker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that one worker holds, claimed or not, and the parent's side of its call ring.
 *
 * <pre>
 *   numbers:   answered ≤ claimed ≤ allowed
 *              ───────────┬─────────┬──────────────┬───────▶
 *              answered   │ running │ may be taken │ free
 *                         │ (0 or 1)│ back         │
 * </pre>
 *
 * {@code allowed} and everything that writes to the call ring is guarded by the dispatcher's lock; {@code answered} is
 * written under the worker's consumer lock. A slot is written before its call is allowed and read after it was answered,
 * so the claim word orders the two.
 */
final class Window implements Worker.Listener, DeliveryQueue.Reading {
    /** How many calls a worker may hold. Deep, so that tiny tasks never wait for the parent; the rest can be taken back. */
    static final int CAPACITY = 1024;
    /** Longer call frames are streamed, to an idle worker only. */
    private static final int LONGEST_WHOLE_FRAME = ControlBlock.CALLS_CAPACITY / 4;
    /** Room in a prelude for what other threads free between the look at it and its writing. */
    private static final int FREED_MEANWHILE = 1024;
    /** How long a child looks for its next call before it goes to sleep, as long as that pays. */
    private static final long CHILD_PATIENCE_NANOS = 60_000;
    /** How long a thread that waits for a result looks for it before it goes to sleep. */
    private static final long PATIENCE_NANOS = 50_000;

    /** The states of a worker as the dispatcher sees it; they only move downwards. */
    enum State {
        /** The process was started; its first call, which prepares it, is not answered. */
        STARTING,
        /** Gets calls. */
        READY,
        /** Gets no more calls; ends after the one that it has claimed. */
        RETIRING,
        /** Was killed; its end has not been reported. */
        KILLED,
        /** Its end was reported. */
        ENDED
    }

    /** Which definitions a call brings, and which it says are freed. */
    private record News(List<Integer> brought, List<Integer> freed) {}

    private final Dispatcher dispatcher;
    private final DeliveryQueue deliveries;
    private final @Nullable Call[] slots = new @Nullable Call[CAPACITY];
    private final long[] positions = new long[CAPACITY];
    private final int[] preludeLengths = new int[CAPACITY];
    /** What the preludes of calls say, where they say anything: it is unsaid if the call is taken back. */
    private final @Nullable News[] news = new @Nullable News[CAPACITY];

    private final long[] lengths = new long[CAPACITY];
    private final BitSet known = new BitSet();
    private final Payload prelude = new Payload();
    /** {@link Definitions#generation} when the child was last told what to forget. */
    private int generation = Definitions.generation();

    // What may be asked for when the heap is full. Made now: a lambda that Java has to link then can't be used any
    // more.
    final Runnable kill;
    final Runnable ring;
    final Runnable checkExit;
    final Runnable rescue;
    /** For when all that its worker leaves behind has been delivered. */
    final Step left;

    final Step leftAfterStream;
    /** Whether {@link #left} is in the queue, or was; it must not be there twice. */
    boolean leftBehind;

    private @Nullable ControlBlock block;
    private volatile @Nullable Worker worker;

    /** Calls answered, and lines printed, since the last {@link #framesTaken}: linked; under the consumer lock. */
    private @Nullable Step firstTaken;

    private @Nullable Step lastTaken;

    State state = State.STARTING;
    /** Number of the last call in the window. */
    int allowed;
    /** Calls that it may still get before it is recycled. */
    long callsLeft;
    /** Set while somebody writes the body of a long frame. */
    boolean streaming;

    private volatile boolean streamWithdrawn;
    private volatile boolean owesBell;
    /** Whether its control block was given back. */
    boolean released;
    /** Counted in the monitor's own ticks, so that a stopped parent doesn't take its children for dead. */
    long silentNanos;

    long lastHeartbeat;
    /** For how long the oldest answer has lain in the reply ring, counted in the same way. */
    private long unreadNanos;

    private int answeredAtLastLook;
    /** Since when it has had nothing to do; of one that is starting: since when there is this window. */
    long idleSince = System.nanoTime();

    /** When it was given calls from the waiting line, if that was not empty the last time; else 0. */
    private long filledAt;

    private int answeredWhenFilled;
    /** Whether it was asked by a signal to end, whatever it runs. */
    boolean terminating;

    /** When it was noticed that it ends by itself; 0 if it does not. */
    long exitingSince;

    /** Why it was killed, by the dispatcher; null if it was not. */
    volatile Death.@Nullable Cause killCause;

    volatile @Nullable String killDetail;

    /** When its process was killed last. */
    long killedAt;

    /** Why its process could not be started. */
    volatile @Nullable Throwable startFailure;

    /** What makes it ready, or says why it will never be. */
    @Nullable FirstCall first;

    /** Why it never became ready, in the child's words. */
    @Nullable String failure;

    private long tail;
    private volatile int answered;

    Window(Dispatcher dispatcher, Executor threads, long callsLeft) {
        this.dispatcher = dispatcher;
        this.deliveries = new DeliveryQueue(threads, this);
        this.callsLeft = callsLeft;
        this.kill = this::killProcess;
        this.ring = this::ring;
        this.checkExit = () -> worker().checkExit();
        this.rescue = () -> dispatcher.rescue(this);
        this.left = Step.of(() -> dispatcher.left(this));
        this.leftAfterStream = Step.of(() -> dispatcher.left(this));
    }

    private void killProcess() {
        Death.Cause cause = killCause;
        if (cause != null) {
            worker().kill(cause, killDetail);
        }
    }

    /**
     * Before the process exists: takes the formatted block and writes the first call into it. Without the lock, since
     * until this window is ready nobody else gives it calls.
     */
    void prepare(ControlBlock block, Call first) {
        this.block = block;
        block.spin(CHILD_PATIENCE_NANOS);
        append(first);
    }

    @Override
    public void started(Worker worker) {
        this.worker = worker;
    }

    Worker worker() {
        if (worker == null) {
            throw new IllegalStateException("the process does not exist yet");
        }
        return worker;
    }

    boolean hasWorker() {
        return worker != null;
    }

    private ControlBlock block() {
        if (block == null) {
            throw new IllegalStateException("no control block yet");
        }
        return block;
    }

    // ---- filling, under the dispatcher's lock ----------------------------------------------------------------------

    /** How many calls it holds that are not answered. */
    int outstanding() {
        return allowed - answered;
    }

    /** How many of them the child has not claimed. */
    int unclaimed() {
        return allowed - claimed();
    }

    /** Number of the last call that the child has claimed; of a claim word that makes no sense: all of them. */
    private int claimed() {
        return isSane() ? ControlBlock.claimed(block().claimWord()) : allowed;
    }

    /**
     * Whether the claim word is one that the protocol can have brought about. If not, the child, or a task that got hold
     * of the control block, has written where it must not: what has been started can't be told any more.
     */
    boolean isSane() {
        int before = answered;
        int claimed = ControlBlock.claimed(block().claimWord());
        return claimed - before >= 0 && claimed - allowed <= 0;
    }

    /** Whether it holds a call that a user has submitted. */
    boolean isBusy() {
        return state != State.STARTING && outstanding() > 0;
    }

    boolean isIdle() {
        return state == State.READY && outstanding() == 0 && !streaming;
    }

    /** Tells how long calls take, as seen from here: from one filling to the next while there is enough to do. */
    void measure(Depth depth, boolean enoughToDo) {
        if (!enoughToDo) {
            filledAt = 0;
            return;
        }
        long now = System.nanoTime();
        if (filledAt != 0 && answered != answeredWhenFilled) {
            depth.measured((now - filledAt) / (answered - answeredWhenFilled));
        }
        filledAt = now;
        answeredWhenFilled = answered;
    }

    /** Whether the call, encoded as {@code body}, can be appended now. */
    boolean hasRoomFor(Payload body) {
        if (state != State.READY || streaming || callsLeft <= 0 || outstanding() >= CAPACITY) {
            return false;
        }
        if (isLong(body)) {
            return outstanding() == 0;
        }
        // An unknown definition only comes on top once, and what is long of them comes to an idle worker.
        long space = Frames.spaceFor(body.length() + preludeLength(body));
        return space <= ControlBlock.CALLS_CAPACITY - (tail - block().callsRead());
    }

    private boolean isLong(Payload body) {
        return isLong(body.length(), preludeLength(body));
    }

    private static boolean isLong(long body, long prelude) {
        return body > LONGEST_WHOLE_FRAME || prelude > LONGEST_WHOLE_FRAME;
    }

    /** No less than what {@link #writePrelude} will write for this body. */
    private long preludeLength(Payload body) {
        long length = FREED_MEANWHILE;
        if (generation != Definitions.generation()) {
            length += 9L * known.cardinality();
        }
        for (int id : body.definitions()) {
            Payload definition = known.get(id) ? null : Definitions.body(id);
            if (definition != null) {
                length += 16 + definition.length();
            }
        }
        return length;
    }

    /**
     * Appends a call and allows it, unless it is long: then the caller has to write it by {@link #stream} after it has
     * let the lock go.
     *
     * @return whether the child has to be woken by {@link Worker#ring} after the lock was let go
     */
    boolean append(Call call, Payload body) {
        int number = allowed + 1;
        int slot = number & CAPACITY - 1;
        News said = writePrelude(body); // what may find no memory comes first
        news[slot] = said;
        positions[slot] = tail;
        slots[slot] = call;
        call.number = number;
        call.window = this;
        callsLeft--;
        call.definitions = body.definitions();
        preludeLengths[slot] = (int) prelude.length();
        long length = prelude.length() + body.length();
        lengths[slot] = body.length();
        Ring ring = block().calls();
        ring.putInt(tail, (int) length + 1);
        ring.putByte(tail + Integer.BYTES, call.kind);
        return isLong(body.length(), prelude.length()) ? beginStream(number) : writeWhole(number, body);
    }

    private void append(Call first) {
        Payload body = first.payload;
        if (body == null || isLong(body)) {
            throw new IllegalArgumentException("the initializer captures too much; its limit is " + LONGEST_WHOLE_FRAME
                    + " bytes: read such data in the initializer, or share it");
        }
        append(first, body);
        callsLeft++; // it counts for nothing
    }

    /** What the child must be told before it can read {@code body}; a definition that was freed is left out. */
    private @Nullable News writePrelude(Payload body) {
        prelude.reset();
        List<Integer> freed = freed();
        List<Integer> brought = List.of();
        List<Payload> bodies = List.of();
        for (int id : body.definitions()) {
            Payload definition = known.get(id) ? null : Definitions.body(id);
            if (definition != null) {
                brought = brought.isEmpty() ? new ArrayList<>() : brought;
                bodies = bodies.isEmpty() ? new ArrayList<>() : bodies;
                brought.add(id);
                bodies.add(definition);
            }
        }
        prelude.writeVarInt(brought.size() + freed.size());
        if (brought.isEmpty() && freed.isEmpty()) {
            return null;
        }
        News said = new News(brought, freed);
        try {
            for (int id : freed) {
                known.clear(id);
                prelude.writeVarInt(id);
                prelude.writeInt(-1);
            }
            for (int i = 0; i < brought.size(); i++) {
                known.set(brought.get(i));
                prelude.writeVarInt(brought.get(i));
                prelude.writeInt((int) bodies.get(i).length());
                appendTo(prelude, bodies.get(i));
            }
        } catch (OutOfMemoryError e) {
            unsay(said);
            throw e;
        }
        return said;
    }

    /** What was to be told to the child never reached it: it is still to be said. */
    private void unsay(@Nullable News unsaid) {
        if (unsaid != null) {
            for (int i = 0; i < unsaid.brought.size(); i++) { // without an iterator: there may be no memory for one
                known.clear(unsaid.brought.get(i));
            }
            for (int i = 0; i < unsaid.freed.size(); i++) {
                known.set(unsaid.freed.get(i));
            }
            generation = unsaid.freed.isEmpty() ? generation : Definitions.generation() - 1;
        }
    }

    /** The definitions that the child still has and nobody needs any more. */
    private List<Integer> freed() {
        int now = Definitions.generation();
        if (now == generation) {
            return List.of();
        }
        generation = now;
        return known.stream().filter(id -> Definitions.body(id) == null).boxed().toList();
    }

    private static void appendTo(Payload target, Payload source) {
        try {
            source.writeTo((bytes, offset, length) -> target.write(bytes, offset, length));
        } catch (IOException e) {
            throw new IllegalStateException("a payload throws no such exception", e);
        }
    }

    private boolean writeWhole(int number, Payload body) {
        Ring ring = block().calls();
        if (body.isContiguous() && prelude.length() == 1) {
            ring.putByte(tail + Frames.HEADER, prelude.buffer()[0]);
            ring.put(tail + Frames.HEADER + 1, body.buffer(), 0, (int) body.length());
        } else {
            long[] at = {tail + Frames.HEADER};
            copy(prelude, ring, at);
            copy(body, ring, at);
        }
        tail += Frames.spaceFor(prelude.length() + body.length());
        block().callsTail(tail);
        return allow(number);
    }

    private static void copy(Payload source, Ring ring, long[] at) {
        try {
            source.writeTo((bytes, offset, length) -> {
                ring.put(at[0], bytes, offset, length);
                at[0] += length;
            });
        } catch (IOException e) {
            throw new IllegalStateException("a ring throws no such exception", e);
        }
    }

    private boolean beginStream(int number) {
        streaming = true;
        block().callsTail(tail + Frames.HEADER);
        return allow(number);
    }

    private boolean allow(int number) {
        allowed = number;
        block().allow(number);
        return mustRing();
    }

    /** Under the lock, after a change that the child has to see: whether {@link #ring} has to follow after the lock. */
    boolean mustRing() {
        boolean asleep = block().wakeChild();
        if (asleep) {
            owesBell = true;
        }
        return asleep;
    }

    /** Whether its child was to be woken, and whoever had to do it found no memory, or has not come to it. */
    boolean owesBell() {
        return owesBell;
    }

    /** Wakes the child; outside of the lock. */
    void ring() {
        worker().ring();
        owesBell = false;
    }

    /** Without the lock, after {@link #append} of a long call: writes its body while the child reads it. */
    boolean stream(Payload body) {
        Payload whole = prelude; // nobody appends while this window is streaming
        long position = positions[allowed & CAPACITY - 1] + Frames.HEADER;
        return stream(whole, position) && stream(body, position + whole.length());
    }

    private boolean stream(Payload part, long position) {
        boolean[] complete = {false};
        FullHeap.outlast(() -> complete[0] = worker().stream(part, position, this::isStreamWithdrawn));
        return complete[0];
    }

    /** Under the lock, after {@link #stream}: the next call may be appended. Does nothing the second time. */
    void endStream(Payload body) {
        if (!streaming) {
            return;
        }
        streaming = false;
        if (!streamWithdrawn) {
            tail += Frames.spaceFor(prelude.length() + body.length());
        }
        streamWithdrawn = false;
        block().callsTail(tail);
    }

    /** Under the lock: takes the call back whose body is just being written, if there is one that isn't claimed. */
    @Nullable Call withdrawStreamed() {
        Call call = slots[allowed & CAPACITY - 1];
        if (!streaming || call == null || !isSane() || block().withdraw(call.number - 1) != call.number - 1) {
            return null;
        }
        streamWithdrawn = true;
        allowed = call.number - 1;
        slots[call.number & CAPACITY - 1] = null;
        unsay(news[call.number & CAPACITY - 1]);
        callsLeft++;
        call.window = null;
        return call;
    }

    /** Whether the call whose body is being written was taken back. */
    boolean isStreamWithdrawn() {
        return streamWithdrawn;
    }

    // ---- taking back, under the dispatcher's lock -------------------------------------------------------------------

    /**
     * Takes back the unclaimed calls from {@code first} on.
     *
     * @return the calls taken back, in order, each with its payload
     */
    List<Call> withdraw(int first) {
        int before = allowed;
        if (streaming || before - first < 0 || block == null || !isSane()) {
            return new ArrayList<>();
        }
        List<Call> calls = new ArrayList<>(before - first + 1);
        int last = block().withdraw(first - 1);
        allowed = last - before > 0 ? before : last; // it may have gone mad just now
        for (int number = allowed + 1; number - before <= 0; number++) {
            recover(number, calls);
        }
        if (before != allowed) {
            tail = positions[allowed + 1 & CAPACITY - 1];
            callsLeft += before - allowed;
        }
        return calls;
    }

    /** Takes back all that is unclaimed, but never the first call, which is about this worker and no other. */
    List<Call> withdrawAll() {
        return answered == 0 ? new ArrayList<>() : withdraw(answered + 1);
    }

    /**
     * Makes a call that the child has never read ready to be sent to another one: its bytes are still in the ring. If
     * this JVM has no memory for them, the call fails by that.
     */
    private void recover(int number, List<Call> calls) {
        int slot = number & CAPACITY - 1;
        Call call = Objects.requireNonNull(slots[slot]);
        slots[slot] = null;
        call.window = null;
        unsay(news[slot]);
        try {
            if (call.payload == null) {
                long body = positions[slot] + Frames.HEADER + preludeLengths[slot];
                call.payload = readBack(body, (int) lengths[slot], call.definitions);
            }
            calls.add(call);
        } catch (OutOfMemoryError e) {
            call.lose(e);
            deliveries.add(call);
        }
    }

    private Payload readBack(long position, int length, int[] definitions) {
        Payload payload = new Payload();
        int at = payload.reserve(length);
        block().calls().get(position, payload.buffer(), at, length);
        for (int id : definitions) {
            payload.require(id);
        }
        return payload;
    }

    /** Forbids all further claims if {@code call} is the one that runs. */
    boolean sealIfRunning(Call call) {
        return call.window == this && answered - call.number < 0 && (block().seal(call.number) || !isSane());
    }

    // ---- observing --------------------------------------------------------------------------------------------------

    /** Whether the child has claimed the call of this number. */
    boolean hasClaimed(int number) {
        return block != null && number - ControlBlock.claimed(block.claimWord()) <= 0;
    }

    /** Under the lock: the call that has been claimed and not answered, or null. */
    @Nullable Call running() {
        int claimed = claimed();
        return claimed - answered > 0 ? slots[claimed & CAPACITY - 1] : null;
    }

    /**
     * Under the lock, after the end of the worker: the calls that it had claimed and not answered. That is the running one
     * alone, unless its last replies could not be read.
     */
    List<Call> claimedUnanswered() {
        List<Call> calls = new ArrayList<>(1);
        int claimed = claimed();
        for (int number = answered + 1; number - claimed <= 0; number++) {
            Call call = slots[number & CAPACITY - 1];
            if (call != null) {
                calls.add(call);
            }
        }
        return calls;
    }

    /** Under the lock, after the end of the worker: it is known what becomes of that call. */
    void settled(Call call) {
        slots[call.number & CAPACITY - 1] = null;
    }

    /** Under the lock: since when {@link #running} runs, by {@link System#nanoTime()}; 0 if it is just about to start. */
    long runningSince(Call running) {
        long start = block().start();
        return running() == running ? start : 0;
    }

    int answered() {
        return answered;
    }

    /**
     * Whether a whole answer lies in the reply ring. The child claims a call, and sleeps, only after it has answered the
     * one before; what a batch or a task has said before its end may lie there for as long as it runs.
     */
    private boolean hasUnreadAnswer() {
        int begun = claimed() - answered;
        return begun > 1 || (begun == 1 && block().isChildAsleep());
    }

    /**
     * Called by the monitor from time to time, under the lock.
     *
     * @param passed the time since the last call
     * @return for how long the oldest answer has lain unread, in nanoseconds
     */
    long watchUnread(long passed) {
        int now = answered;
        unreadNanos = now == answeredAtLastLook && hasUnreadAnswer() ? unreadNanos + passed : 0;
        answeredAtLastLook = now;
        return unreadNanos;
    }

    /** Whether its worker could not be read because nobody takes the lines that were printed. */
    boolean isHeldUp() {
        return worker().isHeldUp();
    }

    ControlBlock controlBlock() {
        return block();
    }

    void help(BooleanSupplier done) {
        Worker helped = worker;
        if (helped != null) {
            helped.help(done, PATIENCE_NANOS);
        }
    }

    /** Whether no foreign code is under way. */
    boolean isQuiet() {
        return deliveries.isIdle();
    }

    /** Called by the monitor from time to time. */
    void compensate(long passed) {
        deliveries.compensate(passed);
    }

    @Override
    public void handOver() {
        worker().handOver();
    }

    @Override
    public void readOn() {
        worker().readOn();
    }

    // ---- what the worker tells --------------------------------------------------------------------------------------

    @Override
    public void frame(byte kind, byte[] buffer, int offset, int length) {
        Call running = slots[answered + 1 & CAPACITY - 1];
        if (kind == Frames.OUT || kind == Frames.ERR) {
            if (length > 0) {
                if (running != null) {
                    running.printed(buffer, offset, length);
                }
                worker().printed(kind == Frames.ERR, buffer, offset, length);
            }
        } else if (running == null) {
            throw new IllegalStateException("a frame of kind " + kind + " when no call was running");
        } else if (running.take(kind, buffer, offset, length)) {
            answered(running);
        }
    }

    @Override
    public void frameLost(byte kind, long length, OutOfMemoryError why) {
        Call running = slots[answered + 1 & CAPACITY - 1];
        if (kind != Frames.OUT && kind != Frames.ERR && running != null && running.lose(kind, length, why)) {
            answered(running);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // answered is only ever written under the consumer lock
    private void answered(Call call) {
        try {
            worker().endOfTask();
        } catch (
                OutOfMemoryError
                        e) { // its last line may be lost, but not this answer: the next call's would pass for it
            dispatcher.shortOfMemory(e);
        }
        slots[answered + 1 & CAPACITY - 1] = null;
        answered++;
        link(call);
    }

    private void link(Step step) {
        if (lastTaken == null) {
            firstTaken = step;
        } else {
            lastTaken.next = step;
        }
        lastTaken = step;
    }

    @Override
    public int framesTaken() {
        Step first = firstTaken;
        Step last = lastTaken;
        if (first == null || last == null) {
            return -1;
        }
        firstTaken = null;
        lastTaken = null;
        return deliveries.offer(first, last);
    }

    /** Completes futures, and then there is room in this window. */
    @Override
    public void deliver(int turn) {
        try {
            deliveries.runHere(turn);
            dispatcher.refill(this);
        } catch (OutOfMemoryError e) {
            dispatcher.shortOfMemory(e);
        } catch (RuntimeException | Error e) { // the thread that reads has to go on
            DeliveryQueue.report(e);
        }
    }

    @Override
    public void printed(Worker.Line line) {
        deliveries.add(new DeliveryQueue.LineStep(line));
    }

    @Override
    public void lineDropped() {
        dispatcher.lineDropped();
    }

    /** Does something that ends in foreign code, after all that is under way for this worker. */
    void later(Step step) {
        deliveries.add(step);
    }

    @Override
    public void exiting() {
        dispatcher.exiting(this);
    }

    @Override
    public void ended(Death death) {
        dispatcher.ended(this, death);
    }
}
