package dev.procpool.internal.wire;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The memory that parent and child share: a few words, and one ring of frames in each direction. The frames lie here,
 * not in the pipes, so what a child has finished can be read after any kind of death; the pipes only carry bells that
 * wake a sleeping side, and their end tells that the other side is gone.
 *
 * <pre>
 *  offset  word         written by  meaning
 *     0    magic        parent      layout and version; the child checks it
 *   128    claim        both (CAS)  number of the last call claimed (high half), of the last one allowed (low half)
 *   136    closed       child       1: it is about to end and claims nothing more
 *   256    callsRead    child       bytes of the call ring it has consumed
 *   320    start        child       System.nanoTime() at which the claimed call started, 0 between calls
 *   328    item         child       items of the claimed batch that have been started
 *   384    childSleeps  both (CAS)  1: the child waits for a bell
 *   512    callsTail    parent      bytes of the call ring that have been written
 *   576    retire       parent      1: end when there is nothing more to claim
 *   584    spin         parent      how many ns the child may spin before it sleeps
 *   640    repliesTail  child       bytes of the reply ring that have been written
 *   768    repliesRead  parent      bytes of the reply ring it has consumed
 *   896    parentSleeps both (CAS)  1: somebody in the parent waits for a bell
 *  1024    heartbeat    child       counts up while the child's JVM is alive
 *  1032    heap         child       bytes of heap in use
 *  1040    ending       child       why it is about to end, see ENDING_…
 *  1152 …               see {@link Questions}
 *  4096    call ring
 *   …      reply ring
 *   …      the question, the ring of answers
 * </pre>
 *
 * The protocol of the claim word, with its invariants, is in {@code src/docs/protocol.md}. Words that different sides
 * write are on different cache lines. Both sides run on one machine, so native byte order is used.
 */
public final class ControlBlock {
    /** Capacity of the call ring, in bytes: a power of two that stays in the second-level cache. */
    public static final int CALLS_CAPACITY = 1 << 20;
    /** Capacity of the reply ring, in bytes. */
    public static final int REPLIES_CAPACITY = 1 << 20;
    /** Bytes before the rings. */
    private static final int HEADER = 4096;

    private static final int QUESTIONS = HEADER + CALLS_CAPACITY + REPLIES_CAPACITY;
    /** Size of a control block, in bytes. */
    public static final int SIZE = QUESTIONS + Questions.SIZE;

    /** Nothing was said: the child was killed, or halted. */
    public static final int ENDING_UNKNOWN = 0;
    /** {@code System.exit} runs. */
    public static final int ENDING_EXIT = 1;
    /** Out of memory. */
    public static final int ENDING_OUT_OF_MEMORY = 2;
    /** It could not go on: what it read is no frame; the reason is on its stderr. */
    public static final int ENDING_PROTOCOL = 3;
    /** A signal has asked it to exit: this and the signal's number, which is below 256. */
    public static final int ENDING_SIGNAL = 256;

    private static final long MAGIC = 0x70726f63_00000003L; // "proc", version 3

    private static final int MAGIC_AT = 0;
    private static final int CLAIM = 128;
    /** On the claim word's own cache line: who claims looks at both. */
    private static final int CLOSED = 136;

    private static final int CALLS_READ = 256;
    private static final int START = 320;
    private static final int ITEM = 328;
    private static final int CHILD_SLEEPS = 384;
    private static final int CALLS_TAIL = 512;
    private static final int RETIRE = 576;
    private static final int SPIN = 584;
    private static final int REPLIES_TAIL = 640;
    private static final int REPLIES_READ = 768;
    private static final int PARENT_SLEEPS = 896;
    private static final int HEARTBEAT = 1024;
    private static final int HEAP = 1032;
    private static final int ENDING = 1040;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final Ring calls;
    private final Ring replies;
    private final Questions questions;

    private ControlBlock(ByteBuffer memory) {
        this.memory = memory.order(ByteOrder.nativeOrder());
        this.calls = new Ring(memory, HEADER, CALLS_CAPACITY);
        this.replies = new Ring(memory, HEADER + CALLS_CAPACITY, REPLIES_CAPACITY);
        this.questions = new Questions(memory, QUESTIONS);
    }

    /** Maps a file of {@link #SIZE} bytes. The mapping lives until it is collected; the channel may be closed. */
    public static ControlBlock map(FileChannel file) throws IOException {
        if (file.size() < SIZE) {
            throw new IOException("a control block has " + SIZE + " bytes, this file has " + file.size());
        }
        return new ControlBlock(file.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
    }

    /** One that nobody shares: for rehearsals and tests. */
    public static ControlBlock unshared() {
        return new ControlBlock(ByteBuffer.allocateDirect(SIZE));
    }

    /** Parent, before a child exists: makes the block ready for a new child. */
    public void format() {
        for (int at = 0; at < HEADER; at += Long.BYTES) {
            memory.putLong(at, 0);
        }
        LONG.setVolatile(memory, MAGIC_AT, MAGIC);
    }

    /** Child: whether the parent speaks this version. */
    public boolean isSameVersion() {
        return (long) LONG.getVolatile(memory, MAGIC_AT) == MAGIC;
    }

    /** Byte {@code at} of the part before the rings, for tests of the layout. */
    byte headerByte(int at) {
        return memory.get(at);
    }

    /** Frames from parent to child. */
    public Ring calls() {
        return calls;
    }

    /** Frames from child to parent. */
    public Ring replies() {
        return replies;
    }

    /** What the child asks the parent for. */
    public Questions questions() {
        return questions;
    }

    // ---- the claim word -------------------------------------------------------------------------------------------

    /** The claim word as it is now; take it apart with {@link #claimed} and {@link #limit}. */
    public long claimWord() {
        return (long) LONG.getVolatile(memory, CLAIM);
    }

    /** The number of the last call that the child has claimed. */
    public static int claimed(long claimWord) {
        return (int) (claimWord >>> 32);
    }

    /** The number of the last call that the child may claim. */
    public static int limit(long claimWord) {
        return (int) claimWord;
    }

    /** Child: claims the next call. Once this has returned true the call can't be taken back. */
    public boolean tryClaim() {
        while (true) {
            long word = claimWord();
            if (claimed(word) == limit(word) || claimsNoMore()) {
                return false;
            }
            if (LONG.compareAndSet(memory, CLAIM, word, word + (1L << 32))) {
                return true;
            }
        }
    }

    /**
     * Child, from any of its threads: it is about to end, so nothing more is claimed, whatever the parent allows. A claim
     * that is under way meanwhile has either happened when this returns, or fails: the word that it wants to replace is
     * another one then.
     */
    public void claimNoMore() {
        LONG.setVolatile(memory, CLOSED, 1L);
        while (true) {
            long word = claimWord();
            if (LONG.compareAndSet(memory, CLAIM, word, (word & ~0xFFFF_FFFFL) | (word >>> 32))) {
                return;
            }
        }
    }

    /** Child: whether there is a call to claim. */
    public boolean isClaimable() {
        long word = claimWord();
        return claimed(word) != limit(word) && !claimsNoMore();
    }

    private boolean claimsNoMore() {
        return (long) LONG.getVolatile(memory, CLOSED) != 0;
    }

    /** Parent: allows calls up to {@code limit}; returns the claim word that it replaced. */
    public long allow(int limit) {
        while (true) {
            long word = claimWord();
            if (LONG.compareAndSet(memory, CLAIM, word, (word & ~0xFFFF_FFFFL) | (limit & 0xFFFF_FFFFL))) {
                return word;
            }
        }
    }

    /**
     * Parent: takes back all calls after {@code keep}, or as many of them as the child hasn't claimed.
     *
     * @return the number of the last call that stays with the child
     */
    public int withdraw(int keep) {
        while (true) {
            long word = claimWord();
            int last = keep - claimed(word) < 0 ? claimed(word) : keep;
            if (LONG.compareAndSet(memory, CLAIM, word, (word & ~0xFFFF_FFFFL) | (last & 0xFFFF_FFFFL))) {
                return last;
            }
        }
    }

    /**
     * Parent: forbids every further claim, provided that {@code running} is still the last call claimed. Between this and
     * the death of the child nobody else can become a victim.
     *
     * @return false if the child has claimed another call since; then nothing was changed
     */
    public boolean seal(int running) {
        while (true) {
            long word = claimWord();
            if (claimed(word) != running) {
                return false;
            }
            if (LONG.compareAndSet(memory, CLAIM, word, (word & ~0xFFFF_FFFFL) | (running & 0xFFFF_FFFFL))) {
                return true;
            }
        }
    }

    // ---- words of one writer --------------------------------------------------------------------------------------

    /** Bytes of the call ring that the child has consumed. */
    public long callsRead() {
        return (long) LONG.getAcquire(memory, CALLS_READ);
    }

    /** Child: sets {@link #callsRead()}. */
    public void callsRead(long position) {
        LONG.setRelease(memory, CALLS_READ, position);
    }

    /** Bytes of the call ring that the parent has written; looked at only inside a frame that is streamed. */
    public long callsTail() {
        return (long) LONG.getAcquire(memory, CALLS_TAIL);
    }

    /** Parent: sets {@link #callsTail()}. */
    public void callsTail(long position) {
        LONG.setRelease(memory, CALLS_TAIL, position);
    }

    /** When the claimed call started, by {@link System#nanoTime()} (one clock for all processes); 0 between calls. */
    public long start() {
        return (long) LONG.getVolatile(memory, START);
    }

    /** Child: sets {@link #start()}. */
    public void start(long nanos) {
        LONG.setRelease(memory, START, nanos);
    }

    /** How many items of the claimed batch have been started. */
    public long item() {
        return (long) LONG.getVolatile(memory, ITEM);
    }

    /** Child: sets {@link #item()}. */
    public void item(long count) {
        LONG.setRelease(memory, ITEM, count);
    }

    /** Whether the child was asked to end. */
    public boolean isRetiring() {
        return (long) LONG.getVolatile(memory, RETIRE) != 0;
    }

    /** Parent: asks the child to end when there is nothing more to claim; needs a bell if the child sleeps. */
    public void retire() {
        LONG.setVolatile(memory, RETIRE, 1L);
    }

    /** For how many nanoseconds a side may spin before it sleeps. */
    public long spin() {
        return (long) LONG.getOpaque(memory, SPIN);
    }

    /** Parent: sets {@link #spin()}. */
    public void spin(long nanos) {
        LONG.setOpaque(memory, SPIN, nanos);
    }

    /** Bytes of the reply ring that the child has written. */
    public long repliesTail() {
        return (long) LONG.getAcquire(memory, REPLIES_TAIL);
    }

    /** Child: sets {@link #repliesTail()}; volatile, so that a following {@link #wakeParent} can't overtake it. */
    public void repliesTail(long position) {
        LONG.setVolatile(memory, REPLIES_TAIL, position);
    }

    /** Bytes of the reply ring that the parent has consumed. */
    public long repliesRead() {
        return (long) LONG.getAcquire(memory, REPLIES_READ);
    }

    /** Parent: sets {@link #repliesRead()}. */
    public void repliesRead(long position) {
        LONG.setRelease(memory, REPLIES_READ, position);
    }

    /** A number that grows while the child's JVM is alive. */
    public long heartbeat() {
        return (long) LONG.getOpaque(memory, HEARTBEAT);
    }

    /** Child: one more sign of life. */
    public void beat(long heapUsed) {
        LONG.setOpaque(memory, HEAP, heapUsed);
        LONG.setOpaque(memory, HEARTBEAT, heartbeat() + 1);
    }

    /** Bytes of heap in use, as of the last heartbeat. */
    public long heapUsed() {
        return (long) LONG.getOpaque(memory, HEAP);
    }

    /** Why the child is about to end, one of the {@code ENDING_} constants. */
    public int ending() {
        return (int) (long) LONG.getVolatile(memory, ENDING);
    }

    /** Child: says why it is about to end; the first reason stays. */
    public void ending(int reason) {
        LONG.compareAndSet(memory, ENDING, (long) ENDING_UNKNOWN, (long) reason);
    }

    // ---- sleeping and waking --------------------------------------------------------------------------------------
    // Sleeper: announces itself, then looks once more for work, then waits for a bell. Waker: publishes work, then
    // looks
    // whether somebody sleeps. All four steps are volatile, so at least one of the two sees the other. A bell that
    // comes
    // too late finds nobody asleep and only costs one extra look.

    /** Child: announces that it is about to wait for a bell, or that it no longer does. */
    public void childSleeps(boolean sleeps) {
        LONG.setVolatile(memory, CHILD_SLEEPS, sleeps ? 1L : 0L);
    }

    /** Whether the child waits for a bell. */
    public boolean isChildAsleep() {
        return (long) LONG.getVolatile(memory, CHILD_SLEEPS) == 1L;
    }

    /** Parent: whether the child has to be woken by a bell, which the caller must then ring. */
    public boolean wakeChild() {
        return (long) LONG.getVolatile(memory, CHILD_SLEEPS) == 1L && LONG.compareAndSet(memory, CHILD_SLEEPS, 1L, 0L);
    }

    /** Parent: announces that it waits for a bell, or that somebody looks at the reply ring anyway. */
    public void parentSleeps(boolean sleeps) {
        LONG.setVolatile(memory, PARENT_SLEEPS, sleeps ? 1L : 0L);
    }

    /** Child: whether the parent has to be woken by a bell, which the caller must then ring. */
    public boolean wakeParent() {
        return (long) LONG.getVolatile(memory, PARENT_SLEEPS) == 1L
                && LONG.compareAndSet(memory, PARENT_SLEEPS, 1L, 0L);
    }
}
