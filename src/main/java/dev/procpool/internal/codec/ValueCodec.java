package dev.procpool.internal.codec;

import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plain values ⇄ tag and bytes: null, boxed primitives, strings, arrays of primitives. The layout is in the table of the
 * package documentation. All values survive bit by bit: NaN payloads, negative zero, lone surrogates.
 */
public final class ValueCodec {
    static final int NULL = 0;
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int BYTE = 3;
    static final int SHORT = 4;
    static final int CHARACTER = 5;
    static final int INTEGER = 6;
    static final int LONG = 7;
    static final int FLOAT = 8;
    static final int DOUBLE = 9;
    static final int LATIN1 = 10;
    static final int UTF16 = 11;
    static final int BYTES = 12;
    static final int BOOLEANS = 13;
    static final int CHARS = 14;
    static final int SHORTS = 15;
    static final int INTS = 16;
    static final int LONGS = 17;
    static final int FLOATS = 18;
    static final int DOUBLES = 19;
    static final int OBJECT = 20;
    static final int LAMBDA = 21;
    static final int TOGETHER = 22;
    static final int HANDLE = 23;

    private ValueCodec() {}

    /** Whether a value with this tag is rebuilt cheaply and without any code of the user's: null, boxed, a string. */
    public static boolean isSimple(int tag) {
        return tag >= NULL && tag <= UTF16;
    }

    /** Whether it is a simple value or an array of primitives: no code of the user's takes part in rebuilding it. */
    public static boolean isPlain(int tag) {
        return tag >= NULL && tag <= DOUBLES;
    }

    /** Whether the value is immutable and refers to no other: nobody can tell whether it was copied alone. */
    static boolean isSimple(@Nullable Object value) {
        return value == null
                || value instanceof Integer
                || value instanceof String
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Byte
                || value instanceof Short
                || value instanceof Float;
    }

    /**
     * Writes {@code value}, tag and all, if it is a plain one other than null. A large {@code byte[]} is written by reference.
     *
     * @return false if it isn't plain; nothing is written then
     */
    static boolean encode(Object value, Payload out) {
        if (value instanceof Integer number) {
            out.writeByte(INTEGER);
            out.writeInt(number);
        } else if (value instanceof String string) {
            encodeString(string, out);
        } else if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte(DOUBLE);
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof Boolean truth) {
            out.writeByte(truth ? TRUE : FALSE);
        } else if (value instanceof byte[] array) {
            out.writeByte(BYTES);
            out.writeVarInt(array.length);
            out.writeArray(array);
        } else if (value instanceof Character character) {
            out.writeByte(CHARACTER);
            writeChar(character, out);
        } else if (value instanceof Byte number) {
            out.writeByte(BYTE);
            out.writeByte(number);
        } else if (value instanceof Short number) {
            out.writeByte(SHORT);
            writeChar(number, out);
        } else if (value instanceof Float number) {
            out.writeByte(FLOAT);
            out.writeInt(Float.floatToRawIntBits(number));
        } else {
            return value.getClass().isArray() && PrimitiveArrays.encode(value, out);
        }
        return true;
    }

    /** Reads the value that follows {@code tag}, which has been read already. */
    static @Nullable Object decode(int tag, PayloadReader in) throws IOException {
        return switch (tag) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case BYTE -> (byte) in.readByte();
            case SHORT -> (short) readChar(in);
            case CHARACTER -> readChar(in);
            case INTEGER -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> Float.intBitsToFloat(in.readInt());
            case DOUBLE -> Double.longBitsToDouble(in.readLong());
            case LATIN1 -> in.readLatin1(in.readLength());
            case UTF16 -> decodeUtf16(in);
            case BYTES -> {
                byte[] array = new byte[in.readLength()];
                in.readFully(array, 0, array.length);
                yield array;
            }
            default -> {
                if (!isPlain(tag)) {
                    throw new IOException("no plain value begins with byte " + tag);
                }
                yield PrimitiveArrays.decode(tag, in);
            }
        };
    }

    /** Writes {@code string} as a value. */
    static void encodeString(String string, Payload out) {
        int length = string.length();
        int allBits = 0;
        for (int i = 0; i < length; i++) {
            allBits |= string.charAt(i);
        }
        if (allBits <= 0xFF) {
            out.writeByte(LATIN1);
            out.writeVarInt(length);
            copyLatin1(string, out.reserve(length), out.buffer());
        } else {
            out.writeByte(UTF16);
            out.writeVarInt(length);
            int position = out.reserve(Math.multiplyExact(length, 2));
            byte[] buffer = out.buffer();
            for (int i = 0; i < length; i++) {
                char next = string.charAt(i);
                buffer[position++] = (byte) next;
                buffer[position++] = (byte) (next >>> 8);
            }
        }
    }

    /** Reads a value that has to be a string. */
    static String decodeString(PayloadReader in) throws IOException {
        int tag = in.readByte();
        if (tag != LATIN1 && tag != UTF16) {
            throw new IOException("a string can't begin with byte " + tag);
        }
        return (String) Objects.requireNonNull(decode(tag, in));
    }

    @SuppressWarnings("deprecation") // drops the high bytes, which are known to be zero: the only copy without garbage
    private static void copyLatin1(String string, int position, byte[] buffer) {
        string.getBytes(0, string.length(), buffer, position);
    }

    /** Not through a charset: that would replace lone surrogates. */
    private static String decodeUtf16(PayloadReader in) throws IOException {
        int length = PrimitiveArrays.readCount(2, in);
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = readChar(in);
        }
        return new String(chars);
    }

    private static void writeChar(int value, Payload out) {
        out.writeByte(value);
        out.writeByte(value >>> 8);
    }

    private static char readChar(PayloadReader in) throws IOException {
        return (char) (in.readByte() | in.readByte() << 8);
    }
}
