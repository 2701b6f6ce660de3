package dev.procpool.internal.codec;

import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays of primitives other than {@code byte[]}, in bulk. */
final class PrimitiveArrays {
    /** Arrays are read in pieces of this many bytes, which stay in the cache. */
    private static final int PIECE = 32 * 1024;

    private PrimitiveArrays() {}

    /**
     * Writes {@code array}, tag and all.
     *
     * @return false if it isn't an array of primitives; nothing is written then
     */
    static boolean encode(Object array, Payload out) {
        int tag = tagOf(array);
        if (tag < 0) {
            return false;
        }
        int count = Array.getLength(array);
        byte[] bytes = new byte[Math.multiplyExact(count, size(tag))];
        ByteBuffer target = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (tag) {
            case ValueCodec.CHARS -> target.asCharBuffer().put((char[]) array);
            case ValueCodec.SHORTS -> target.asShortBuffer().put((short[]) array);
            case ValueCodec.INTS -> target.asIntBuffer().put((int[]) array);
            case ValueCodec.LONGS -> target.asLongBuffer().put((long[]) array);
            case ValueCodec.FLOATS -> target.asFloatBuffer().put((float[]) array);
            case ValueCodec.DOUBLES -> target.asDoubleBuffer().put((double[]) array);
            default -> {
                boolean[] booleans = (boolean[]) array;
                for (int i = 0; i < count; i++) {
                    bytes[i] = (byte) (booleans[i] ? 1 : 0);
                }
            }
        }
        out.writeByte(tag);
        out.writeVarInt(count);
        out.writeArray(bytes);
        return true;
    }

    /** Reads the array that follows {@code tag}. */
    static Object decode(int tag, PayloadReader in) throws IOException {
        int size = size(tag);
        int count = readCount(size, in);
        Object array = create(tag, count);
        byte[] piece = new byte[(int) Math.min(PIECE, (long) count * size)];
        for (int done = 0; done < count; ) {
            int some = Math.min(count - done, PIECE / size);
            in.readFully(piece, 0, some * size);
            copy(piece, tag, array, done, some);
            done += some;
        }
        return array;
    }

    /** Reads the length of an array; no more than fits into what is left of the frame. */
    static int readCount(int size, PayloadReader in) throws IOException {
        int count = in.readVarInt();
        if (count < 0 || (long) count * size > in.remaining()) {
            throw new EOFException(
                    "an array of " + Integer.toUnsignedString(count) + " where " + in.remaining() + " bytes are left");
        }
        return count;
    }

    private static void copy(byte[] piece, int tag, Object array, int from, int count) {
        ByteBuffer source = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
        switch (tag) {
            case ValueCodec.CHARS -> source.asCharBuffer().get((char[]) array, from, count);
            case ValueCodec.SHORTS -> source.asShortBuffer().get((short[]) array, from, count);
            case ValueCodec.INTS -> source.asIntBuffer().get((int[]) array, from, count);
            case ValueCodec.LONGS -> source.asLongBuffer().get((long[]) array, from, count);
            case ValueCodec.FLOATS -> source.asFloatBuffer().get((float[]) array, from, count);
            case ValueCodec.DOUBLES -> source.asDoubleBuffer().get((double[]) array, from, count);
            default -> {
                boolean[] booleans = (boolean[]) array;
                for (int i = 0; i < count; i++) {
                    booleans[from + i] = piece[i] != 0;
                }
            }
        }
    }

    private static Object create(int tag, int count) {
        return switch (tag) {
            case ValueCodec.CHARS -> new char[count];
            case ValueCodec.SHORTS -> new short[count];
            case ValueCodec.INTS -> new int[count];
            case ValueCodec.LONGS -> new long[count];
            case ValueCodec.FLOATS -> new float[count];
            case ValueCodec.DOUBLES -> new double[count];
            default -> new boolean[count];
        };
    }

    private static int size(int tag) {
        return switch (tag) {
            case ValueCodec.CHARS, ValueCodec.SHORTS -> Short.BYTES;
            case ValueCodec.INTS, ValueCodec.FLOATS -> Integer.BYTES;
            case ValueCodec.LONGS, ValueCodec.DOUBLES -> Long.BYTES;
            default -> Byte.BYTES;
        };
    }

    private static int tagOf(Object array) {
        if (array instanceof int[]) {
            return ValueCodec.INTS;
        }
        if (array instanceof long[]) {
            return ValueCodec.LONGS;
        }
        if (array instanceof double[]) {
            return ValueCodec.DOUBLES;
        }
        if (array instanceof char[]) {
            return ValueCodec.CHARS;
        }
        if (array instanceof float[]) {
            return ValueCodec.FLOATS;
        }
        if (array instanceof short[]) {
            return ValueCodec.SHORTS;
        }
        return array instanceof boolean[] ? ValueCodec.BOOLEANS : -1;
    }
}
