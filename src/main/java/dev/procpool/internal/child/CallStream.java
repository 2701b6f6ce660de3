package dev.procpool.internal.child;

import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.PayloadReader;
import dev.procpool.internal.wire.Ring;
import java.io.IOException;

/**
 * Reads the frames of the call ring, one after the other. Only bytes of claimed calls are looked at: until then the
 * parent may take them back and write others in their place.
 */
final class CallStream extends PayloadReader {
    /** Frames up to this length are copied out at once, longer ones are read as they come. */
    private static final int COPIED = 32 * 1024;

    private final ControlBlock block;
    private final Ring ring;
    private final Backoff backoff = new Backoff();
    private final byte[] scratch = new byte[COPIED];
    private long position;
    /** Where the current frame ends, padding included. */
    private long end;
    /** How many bytes of the current frame's body are still in the ring. */
    private long unread;

    CallStream(ControlBlock block) {
        super(new byte[0], 0, 0);
        this.block = block;
        this.ring = block.calls();
    }

    /** Goes to the next frame, whose call has just been claimed, and returns its kind. */
    byte next() throws IOException {
        int length = ring.getInt(position) - 1;
        byte kind = ring.getByte(position + Integer.BYTES);
        if (length < 0) {
            throw new IOException("a frame of " + (length + 1) + " bytes at " + position);
        }
        long body = position + Frames.HEADER;
        end = position + Frames.spaceFor(length);
        if (length <= COPIED) {
            ring.get(body, scratch, 0, length);
            position = end;
            unread = 0;
            reset(scratch, 0, length);
        } else {
            position = body;
            unread = length;
            reset(scratch, 0, 0);
        }
        return kind;
    }

    /** Skips what is left of the frame and gives its space back to the parent. */
    void finish() throws IOException {
        while (unread > 0) {
            fill(scratch, 0, scratch.length);
        }
        position = end;
        block.callsRead(end);
    }

    @Override
    protected long unbuffered() {
        return unread;
    }

    @Override
    protected int fill(byte[] target, int offset, int count) throws IOException {
        if (unread == 0) {
            return -1;
        }
        long available;
        while ((available = Math.min(unread, block.callsTail() - position)) <= 0) {
            backoff.pause();
        }
        backoff.reset();
        int some = (int) Math.min(available, count);
        ring.get(position, target, offset, some);
        position += some;
        unread -= some;
        block.callsRead(position & ~3L);
        return some;
    }
}
