package dev.procpool.internal.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads the bytes of one frame: from an array, or from a ring whose other side is still writing (see {@link #fill}).
 * Everything it reads is checked against the length of the frame: {@link EOFException} tells that a frame is too short.
 * Not thread-safe.
 */
public class PayloadReader {
    private byte[] buffer;
    private int position;
    private int limit;

    /** Reads {@code buffer} from {@code offset} to {@code limit}. */
    public PayloadReader(byte[] buffer, int offset, int limit) {
        this.buffer = buffer;
        this.position = offset;
        this.limit = limit;
    }

    /** Starts anew on other bytes. */
    public final void reset(byte[] buffer, int offset, int limit) {
        this.buffer = buffer;
        this.position = offset;
        this.limit = limit;
    }

    /** How many bytes of the frame have not been read. */
    public long remaining() {
        return limit - position + unbuffered();
    }

    /** How many bytes of the frame are not in the buffer yet; 0 unless the frame is streamed. */
    protected long unbuffered() {
        return 0;
    }

    /**
     * Reads up to {@code count} of the unbuffered bytes into {@code target}; blocks until there is at least one.
     *
     * @return how many, or -1 at the end of the frame
     */
    protected int fill(byte[] target, int offset, int count) throws IOException {
        return -1;
    }

    /** Reads one byte, as 0 to 255. */
    public final int readByte() throws IOException {
        if (position == limit) {
            require(1);
        }
        return buffer[position++] & 0xFF;
    }

    /** Reads four bytes. */
    public final int readInt() throws IOException {
        require(4);
        int value = intAt(position);
        position += 4;
        return value;
    }

    /** Reads eight bytes. */
    public final long readLong() throws IOException {
        require(8);
        long value = (intAt(position) & 0xFFFF_FFFFL) | (long) intAt(position + 4) << 32;
        position += 8;
        return value;
    }

    /** Reads what {@link Payload#writeVarInt} wrote. */
    public final int readVarInt() throws IOException {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = readByte();
            value |= (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new IOException("a variable-length number of more than 5 bytes");
    }

    /** Reads a length that can't be more than what is left of the frame, so that nobody can ask for absurd memory. */
    public final int readLength() throws IOException {
        int length = readVarInt();
        if (length < 0 || length > remaining()) {
            throw new EOFException(
                    "a length of " + (length & 0xFFFFFFFFL) + " where " + remaining() + " bytes are left");
        }
        return length;
    }

    /** Fills {@code count} bytes of {@code target}. */
    public final void readFully(byte[] target, int offset, int count) throws IOException {
        int buffered = Math.min(count, limit - position);
        System.arraycopy(buffer, position, target, offset, buffered);
        position += buffered;
        int done = buffered;
        while (done < count) {
            int more = fill(target, offset + done, count - done);
            if (more < 0) {
                throw new EOFException("the frame ends " + (count - done) + " bytes too early");
            }
            done += more;
        }
    }

    /** Reads {@code length} bytes, each of them a char. */
    public final String readLatin1(int length) throws IOException {
        if (limit - position >= length) {
            String text = new String(buffer, position, length, StandardCharsets.ISO_8859_1);
            position += length;
            return text;
        }
        byte[] bytes = new byte[length];
        readFully(bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Leaves out {@code count} bytes. */
    public final void skip(long count) throws IOException {
        long left = count - (limit - position);
        if (left <= 0) {
            position += (int) count;
            return;
        }
        position = limit;
        byte[] dropped = new byte[(int) Math.min(left, 8192)];
        while (left > 0) {
            int some = (int) Math.min(left, dropped.length);
            readFully(dropped, 0, some);
            left -= some;
        }
    }

    /** A view of what is left of the frame. */
    public final InputStream asInputStream() {
        return asInputStream(remaining());
    }

    /** A view of the next {@code length} bytes, or what is left of the frame if that is less. */
    public final InputStream asInputStream(long length) {
        long end = Math.max(0, remaining() - length);
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return PayloadReader.this.remaining() <= end ? -1 : readByte();
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                if (count == 0) {
                    return 0;
                }
                long left = PayloadReader.this.remaining() - end;
                if (left <= 0) {
                    return -1;
                }
                int some = (int) Math.min(left, count);
                readFully(target, offset, some);
                return some;
            }

            @Override
            public int available() {
                return (int) Math.min(limit - position, PayloadReader.this.remaining() - end);
            }
        };
    }

    /** By hand, for the reason given in {@link Payload#setInt}. */
    private int intAt(int at) {
        byte[] source = buffer;
        return (source[at] & 0xFF)
                | (source[at + 1] & 0xFF) << 8
                | (source[at + 2] & 0xFF) << 16
                | source[at + 3] << 24;
    }

    private void require(int count) throws IOException {
        if (limit - position >= count) {
            return;
        }
        // Streamed: move what is left to a fresh buffer and get at least as much as is asked for.
        int left = limit - position;
        byte[] next = new byte[(int) Math.max(count, Math.min(8192, left + unbuffered()))];
        System.arraycopy(buffer, position, next, 0, left);
        while (left < count) {
            int more = fill(next, left, next.length - left);
            if (more < 0) {
                throw new EOFException("the frame ends " + (count - left) + " bytes too early");
            }
            left += more;
        }
        buffer = next;
        position = 0;
        limit = left;
    }
}
