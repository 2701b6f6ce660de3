package dev.procpool.internal.child;

import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.Ring;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes frames to the reply ring. A frame that has been written here is safe: the parent reads it from the mapped
 * memory even when this JVM dies in the next instant. Thread-safe: tasks print from any thread.
 */
final class Outbox implements Payload.Sink {
    /** A long frame is handed over in pieces of this size: small enough to stay in the cache of both sides. */
    private static final int PIECE = 128 * 1024;

    private final ControlBlock block;
    private final Ring ring;
    private final OutputStream bell;
    private final Backoff backoff = new Backoff();
    /** Where the next byte goes; ahead of the published tail only inside of a frame. */
    private long position;

    Outbox(ControlBlock block, OutputStream bell) {
        this.block = block;
        this.ring = block.replies();
        this.bell = bell;
    }

    /** Writes one frame; {@code wake} says whether the parent shall be woken for it, or whether more follows soon. */
    synchronized void write(byte kind, Payload body, boolean wake) throws IOException {
        begin(kind, body.length());
        body.writeTo(this);
        end(wake);
    }

    /** Writes one frame with these bytes. */
    synchronized void write(byte kind, byte[] bytes, int offset, int length, boolean wake) throws IOException {
        begin(kind, length);
        write(bytes, offset, length);
        end(wake);
    }

    private void begin(byte kind, long length) throws IOException {
        if (length > Frames.MAX_LENGTH) {
            throw new IOException("a frame of " + length + " bytes is too long; the limit is " + Frames.MAX_LENGTH);
        }
        // A frame that fits into the ring is published in one step; only longer ones can be seen unfinished.
        long space = Math.min(Frames.spaceFor(length), ring.capacity());
        while (free() < space) {
            wakeParent();
            backoff.pause();
        }
        backoff.reset();
        ring.putInt(position, (int) length + 1);
        ring.putByte(position + Integer.BYTES, kind);
        position += Frames.HEADER;
    }

    /** Takes a piece of the body; only inside of a frame. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int some = Math.min(Math.min(free(), PIECE), length - done);
            if (some == 0) {
                wakeParent();
                backoff.pause();
                continue;
            }
            backoff.reset();
            ring.put(position, bytes, offset + done, some);
            position += some;
            done += some;
            if (some == PIECE || free() == 0) {
                block.repliesTail(position & ~3L); // the parent copies this piece while we write the next
                wakeParent();
            }
        }
    }

    private void end(boolean wake) throws IOException {
        position = position + 3 & ~3L;
        block.repliesTail(position);
        if (wake) {
            wakeParent();
        }
    }

    private int free() {
        return ring.capacity() - (int) (position - block.repliesRead());
    }

    /** Wakes the parent, whether it sleeps or not: there is something to see in the control block. */
    void ring() throws IOException {
        bell.write(Frames.BELL);
    }

    private void wakeParent() throws IOException {
        if (block.wakeParent()) {
            bell.write(Frames.BELL);
        }
    }
}
