package dev.procpool.internal.wire;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing bytes of one frame: a growable buffer, and large byte arrays that are kept by reference so that they are
 * copied only once, into the ring. Also collects the numbers of the definitions (shapes, shared values) that the
 * receiver must know before it can read these bytes. Not thread-safe; made to be reused through {@link #reset()}.
 */
public final class Payload {
    /** Byte arrays from this length on are kept by reference. */
    public static final int BY_REFERENCE = 32 * 1024;

    /** Enough for a chunk of small items. */
    private static final int LARGEST_KEPT = 256 * 1024;

    /** The {@link #definitions} of a payload that needs none. */
    public static final int[] NO_DEFINITIONS = {};

    private byte[] buffer;
    private int length;
    /** Arrays kept by reference, in order, each to be inserted at {@code position} of the buffer. */
    private @Nullable List<Insert> inserts;

    private long insertedBytes;
    private int[] definitions = NO_DEFINITIONS;
    /** What {@link #definitions} was when it last held one number: tasks often need the same one as the task before. */
    private int[] single = NO_DEFINITIONS;

    private record Insert(int position, byte[] array) {}

    /** Takes the pieces of a payload in order. */
    public interface Sink {
        /** Takes {@code length} bytes of {@code array} from {@code offset} on; may block. */
        void write(byte[] array, int offset, int length) throws java.io.IOException;
    }

    /** An empty payload. */
    public Payload() {
        this(256);
    }

    private Payload(int capacity) {
        buffer = new byte[capacity];
    }

    /** Empties this payload; gives back the memory of an unusually large one. */
    public void reset() {
        length = 0;
        inserts = null;
        insertedBytes = 0;
        definitions = NO_DEFINITIONS;
        if (buffer.length > LARGEST_KEPT) {
            buffer = new byte[256];
        }
    }

    /** How many bytes have been written, arrays kept by reference included. */
    public long length() {
        return length + insertedBytes;
    }

    /** Whether all bytes are in one piece, {@link #buffer()}[0, {@link #length()}). */
    public boolean isContiguous() {
        return inserts == null;
    }

    /** The buffer; what lies beyond the written bytes is garbage. */
    public byte[] buffer() {
        return buffer;
    }

    /** Says that the receiver must know this definition before it reads these bytes. */
    public void require(int definition) {
        for (int known : definitions) {
            if (known == definition) {
                return;
            }
        }
        if (definitions.length == 0 && single.length == 1 && single[0] == definition) {
            definitions = single;
            return;
        }
        definitions = Arrays.copyOf(definitions, definitions.length + 1);
        definitions[definitions.length - 1] = definition;
        single = definitions.length == 1 ? definitions : single;
    }

    /** The definitions that the receiver must know first; not to be changed. */
    public int[] definitions() {
        return definitions;
    }

    /** An exact-size copy that shares nothing with this payload, large arrays included. */
    public Payload detach() {
        Payload copy = new Payload(length);
        System.arraycopy(buffer, 0, copy.buffer, 0, length);
        copy.length = length;
        copy.definitions = definitions;
        copy.insertedBytes = insertedBytes;
        if (inserts != null) {
            List<Insert> copies = new ArrayList<>(inserts.size());
            for (Insert insert : inserts) {
                copies.add(new Insert(insert.position, insert.array.clone()));
            }
            copy.inserts = copies;
        }
        return copy;
    }

    /** Cuts this payload back to an earlier {@link #mark()}: what was written since is gone. */
    public void truncate(long mark) {
        int position = (int) mark;
        if (inserts != null) {
            int keep = (int) (mark >>> 32);
            while (inserts.size() > keep) {
                insertedBytes -= inserts.remove(inserts.size() - 1).array.length;
            }
            if (inserts.isEmpty()) {
                inserts = null;
            }
        }
        length = position;
    }

    /** A point to which {@link #truncate} can go back. */
    public long mark() {
        return ((long) (inserts == null ? 0 : inserts.size()) << 32) | length;
    }

    /** Hands all pieces to {@code sink}, in order. */
    public void writeTo(Sink sink) throws java.io.IOException {
        int from = 0;
        if (inserts != null) {
            for (Insert insert : inserts) {
                if (insert.position > from) {
                    sink.write(buffer, from, insert.position - from);
                    from = insert.position;
                }
                sink.write(insert.array, 0, insert.array.length);
            }
        }
        if (length > from) {
            sink.write(buffer, from, length - from);
        }
    }

    /** Appends one byte. */
    public void writeByte(int value) {
        ensure(1);
        buffer[length++] = (byte) value;
    }

    /** Appends four bytes. */
    public void writeInt(int value) {
        ensure(4);
        setInt(length, value);
        length += 4;
    }

    /** Appends eight bytes. */
    public void writeLong(long value) {
        ensure(8);
        setInt(length, (int) value);
        setInt(length + 4, (int) (value >>> 32));
        length += 8;
    }

    /** Appends 1 to 5 bytes: seven bits each, low ones first. Small and non-negative values are short. */
    public void writeVarInt(int value) {
        ensure(5);
        while ((value & ~0x7F) != 0) {
            buffer[length++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        buffer[length++] = (byte) value;
    }

    /** Appends {@code count} bytes of {@code array}; always copies. */
    public void write(byte[] array, int offset, int count) {
        ensure(count);
        System.arraycopy(array, offset, buffer, length, count);
        length += count;
    }

    /** Appends the bytes of {@code array}, by reference when it is large: it must not change until it is sent. */
    public void writeArray(byte[] array) {
        if (array.length < BY_REFERENCE) {
            write(array, 0, array.length);
            return;
        }
        if (inserts == null) {
            inserts = new ArrayList<>(2);
        }
        inserts.add(new Insert(length, array));
        insertedBytes += array.length;
    }

    /** Makes room for {@code count} more bytes and returns the position at which {@link #buffer()} may be filled. */
    public int reserve(int count) {
        ensure(count);
        int position = length;
        length += count;
        return position;
    }

    /** Overwrites the four bytes at {@code position}, for lengths that are known only afterwards. */
    public void setInt(int position, int value) {
        // By hand: the first VarHandle that views an array costs the start of a worker several milliseconds.
        byte[] target = buffer;
        target[position] = (byte) value;
        target[position + 1] = (byte) (value >>> 8);
        target[position + 2] = (byte) (value >>> 16);
        target[position + 3] = (byte) (value >>> 24);
    }

    /** How many bytes are in the buffer itself, arrays kept by reference not counted: the position of the next byte. */
    public int position() {
        return length;
    }

    /** A view that appends what is written to it; closing it does nothing. */
    public OutputStream asOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int value) {
                writeByte(value);
            }

            @Override
            public void write(byte[] array, int offset, int count) {
                Payload.this.write(array, offset, count);
            }
        };
    }

    private void ensure(int count) {
        int needed = length + count;
        if (needed < 0) {
            throw new OutOfMemoryError("a frame can't hold more than 2 GiB outside of byte arrays");
        }
        if (needed > buffer.length) {
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, buffer.length * 2L);
            buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
        }
    }
}
