package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions ⇄ bytes. An exception may be of a class that is not serialisable, hold on to something that isn't, or turn
 * out impossible to rebuild; so what a person needs to know of it goes along as text: class, message, stack trace. The
 * bytes are these three as strings, then an object by codec, or null if there is none; see
 * the table of the package documentation.
 */
public final class ThrowableCodec {
    /** How many chars of a printed stack trace are kept. */
    static final int MAX_TRACE = 256 * 1024;
    /** How many chars of a message are kept. */
    static final int MAX_MESSAGE = 256 * 1024;
    /** How many bytes a serialised exception may have: the text will do for one that carries a haystack. */
    static final int MAX_OBJECT = 8 * 1024 * 1024;

    private ThrowableCodec() {}

    /**
     * What is left of an exception on the other side.
     *
     * @param original the exception itself, with its stack frames, cause and suppressed ones, as far as it could be
     *     serialised and rebuilt; null if it could not
     * @param className the name of its class
     * @param message its message; empty if it has none
     * @param stackTrace what {@code printStackTrace} printed
     */
    public record Decoded(@Nullable Throwable original, String className, String message, String stackTrace) {}

    /** Writes {@code thrown}. Throws nothing itself, as long as there are a few kilobytes of memory left. */
    public static void encode(Throwable thrown, Payload out, Codec codec) {
        ValueCodec.encodeString(thrown.getClass().getName(), out);
        ValueCodec.encodeString(message(thrown), out);
        ValueCodec.encodeString(stackTrace(thrown), out);
        long mark = out.mark();
        try {
            out.writeByte(ValueCodec.OBJECT);
            Segment.write(thrown, new Scope(codec, out, null), MAX_OBJECT);
        } catch (Throwable e) {
            // Whatever it is, from a field that isn't serialisable to a stack or heap too small: the text must do.
            out.truncate(mark);
            out.writeByte(ValueCodec.NULL);
        }
    }

    /**
     * Reads what {@link #encode} wrote. Bytes that make no sense give a description that says so.
     *
     * @param filter what may come through the codec; null for anything
     */
    public static Decoded decode(PayloadReader in, Codec codec, @Nullable ObjectInputFilter filter) {
        String className;
        String message;
        String stackTrace;
        try {
            className = ValueCodec.decodeString(in);
            message = ValueCodec.decodeString(in);
            stackTrace = ValueCodec.decodeString(in);
        } catch (IOException e) {
            return new Decoded(null, "unknown", "the description of an exception can't be read: " + e, "");
        }
        return new Decoded(original(in, codec, filter), className, message, stackTrace);
    }

    private static @Nullable Throwable original(PayloadReader in, Codec codec, @Nullable ObjectInputFilter filter) {
        try {
            boolean present = in.readByte() == ValueCodec.OBJECT;
            if (!present || !(Segment.read(in, codec, filter) instanceof Throwable thrown)) {
                return null;
            }
            // Futures ask for its words when they wrap it, and must not meet another exception there.
            return Words.orNull(thrown) == null ? null : thrown;
        } catch (StackOverflowError | OutOfMemoryError e) {
            return null;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            return null; // a missing class, another version of it, a readObject that throws: the text must do
        }
    }

    private static String message(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            if (message == null) {
                return "";
            }
            return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
        } catch (Throwable e) {
            return "(its getMessage() has thrown " + e.getClass().getName() + ")";
        }
    }

    private static String stackTrace(Throwable thrown) {
        LimitedText text = new LimitedText();
        try (PrintWriter writer = new PrintWriter(text)) {
            thrown.printStackTrace(writer);
        } catch (Throwable e) {
            return text + "(its printStackTrace() has thrown " + e.getClass().getName() + ")";
        }
        return text.toString();
    }

    /** Keeps the beginning of what is printed. */
    private static final class LimitedText extends Writer {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(char[] chars, int offset, int count) {
            text.append(chars, offset, Math.min(count, MAX_TRACE - text.length()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
