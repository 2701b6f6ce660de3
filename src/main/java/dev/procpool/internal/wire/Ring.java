package dev.procpool.internal.wire;

import java.nio.ByteBuffer;

/**
 * A ring of bytes in a control block. Positions only grow; a position's place is its remainder by the capacity. The ring
 * itself does no synchronisation: the words of the {@link ControlBlock} say who may touch which positions.
 */
public final class Ring {
    private final ByteBuffer memory;
    private final int base;
    private final int capacity;

    Ring(ByteBuffer memory, int base, int capacity) {
        this.memory = memory;
        this.base = base;
        this.capacity = capacity;
    }

    /** How many bytes it holds; a power of two. */
    public int capacity() {
        return capacity;
    }

    /** Copies {@code length} bytes, at most the capacity, to {@code position}. */
    public void put(long position, byte[] source, int offset, int length) {
        int index = (int) position & (capacity - 1);
        int first = Math.min(length, capacity - index);
        memory.put(base + index, source, offset, first);
        if (first < length) {
            memory.put(base, source, offset + first, length - first);
        }
    }

    /** Copies {@code length} bytes, at most the capacity, from {@code position}. */
    public void get(long position, byte[] target, int offset, int length) {
        int index = (int) position & (capacity - 1);
        int first = Math.min(length, capacity - index);
        memory.get(base + index, target, offset, first);
        if (first < length) {
            memory.get(base, target, offset + first, length - first);
        }
    }

    /** Writes four bytes at a position that is a multiple of four. */
    public void putInt(long position, int value) {
        memory.putInt(base + ((int) position & (capacity - 1)), value);
    }

    /** Reads four bytes at a position that is a multiple of four. */
    public int getInt(long position) {
        return memory.getInt(base + ((int) position & (capacity - 1)));
    }

    /** Writes one byte. */
    public void putByte(long position, byte value) {
        memory.put(base + ((int) position & (capacity - 1)), value);
    }

    /** Reads one byte. */
    public byte getByte(long position) {
        return memory.get(base + ((int) position & (capacity - 1)));
    }
}
