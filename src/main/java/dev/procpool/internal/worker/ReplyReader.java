package dev.procpool.internal.worker;

import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Ring;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames from the reply ring. The child may have gone mad, so every length is checked before it is believed. Used
 * under the worker's consumer lock, except {@link #isAnythingThere}.
 */
final class ReplyReader {
    /** Frames up to this length are only looked at when they are complete. */
    private static final int SCRATCH = 64 * 1024;
    /** Memory for a longer frame is taken at once up to this length; beyond, it grows with what really arrives. */
    private static final int BELIEVED = 256 << 20;

    private static final byte[] NONE = {};

    private final ControlBlock block;
    private final Ring ring;
    private final byte[] scratch = new byte[SCRATCH];
    private final Backoff backoff = new Backoff();
    private long position;

    /** The body of a long frame of which only a part has arrived. */
    private byte[] partial = NONE;

    /** Why there is no memory for that body: then it is passed over. */
    private @Nullable OutOfMemoryError shortage;

    private byte partialKind;
    private int partialLength;
    private int partialFilled;
    private boolean inPartial;

    ReplyReader(ControlBlock block) {
        this.block = block;
        this.ring = block.replies();
    }

    /** Whether there is something that has not been taken out; may be asked without the lock. */
    boolean isAnythingThere() {
        return block.repliesTail() != block.repliesRead();
    }

    /** Waits up to {@code nanos} for bytes, without sleeping. */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is only a hint here, nothing depends on it
    boolean spin(BooleanSupplier done, long nanos) {
        if (block.repliesTail() != position) {
            return true;
        }
        long start = System.nanoTime();
        long spun = 0;
        do {
            for (int i = 0; i < 32; i++) {
                if (block.repliesTail() != position) {
                    return true;
                }
                Thread.onSpinWait();
            }
            if (spun > Backoff.SOLITARY_NANOS) {
                Thread.yield(); // the child may be waiting for the very core that we spin on
            }
            spun = System.nanoTime() - start;
        } while (!done.getAsBoolean() && spun < nanos);
        return false;
    }

    /** Hands complete frames to {@code sink}: all that are there, or until {@code enough} says so. */
    void takeFrames(FrameSink sink, BooleanSupplier enough) throws IOException {
        long tail = block.repliesTail();
        while (position != tail && !enough.getAsBoolean()) {
            long available = tail - position;
            if (available < 0 || available > ring.capacity()) {
                throw new IOException("its reply ring claims to hold " + available + " bytes");
            }
            if (inPartial) {
                continuePartial(available, sink);
            } else {
                int length = ring.getInt(position) - 1;
                if (length < 0 || length > Frames.MAX_LENGTH || available < Frames.HEADER) {
                    throw new IOException("its reply ring holds a frame of length " + (length + 1));
                }
                byte kind = ring.getByte(position + Integer.BYTES);
                if (length <= SCRATCH) {
                    long space = Frames.spaceFor(length);
                    if (space > available) {
                        break; // not complete yet, only seen when the ring is nearly full
                    }
                    ring.get(position + Frames.HEADER, scratch, 0, length);
                    position += space;
                    sink.frame(kind, scratch, 0, length);
                } else {
                    beginPartial(kind, length);
                    continue;
                }
            }
            if (position - block.repliesRead() > ring.capacity() / 8) {
                block.repliesRead(position & ~3L);
            }
            tail = block.repliesTail();
            if (inPartial && position == tail) {
                block.repliesRead(position & ~3L);
                tail = awaitMore();
            }
        }
        block.repliesRead(position & ~3L);
    }

    private void beginPartial(byte kind, int length) {
        inPartial = true;
        partialKind = kind;
        partialLength = length;
        partialFilled = 0;
        shortage = null;
        position += Frames.HEADER;
        growPartial(Math.min(length, BELIEVED));
    }

    private void growPartial(int length) {
        try {
            partial = Arrays.copyOf(partial, length);
        } catch (OutOfMemoryError e) { // the frame's own misfortune: those behind it are still read
            shortage = e;
            partial = NONE;
        }
    }

    /** In the middle of a long frame the next piece is due at once: not worth going to sleep for a bell. */
    private long awaitMore() {
        backoff.reset();
        while (block.repliesTail() == position && !backoff.isPatienceSpent()) {
            backoff.pause();
        }
        return block.repliesTail();
    }

    private void continuePartial(long available, FrameSink sink) {
        int some = (int) Math.min(available, partialLength - partialFilled);
        if (shortage == null && partialFilled + some > partial.length) {
            growPartial((int) Math.min(partialLength, partial.length * 2L + some));
        }
        if (shortage == null) {
            ring.get(position, partial, partialFilled, some);
        }
        partialFilled += some;
        position += some;
        if (partialFilled < partialLength) {
            return;
        }
        if (block.repliesTail() < (position + 3 & ~3L)) {
            return; // the padding is on its way; the frame is handed over with it
        }
        position = position + 3 & ~3L;
        byte[] body = partial;
        partial = NONE;
        inPartial = false;
        if (shortage == null) {
            sink.frame(partialKind, body, 0, partialLength);
        } else {
            sink.frameLost(partialKind, partialLength, shortage);
        }
    }
}
