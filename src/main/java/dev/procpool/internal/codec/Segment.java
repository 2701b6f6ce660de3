package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** An object by codec: four bytes of length, then what the codec wrote. */
final class Segment {
    private Segment() {}

    /** Writes {@code value}. What has been written stays when the codec throws: the caller truncates. */
    static void write(Object value, Scope scope) throws IOException {
        Payload out = scope.out();
        write(value, scope, out.asOutputStream());
    }

    /** Writes {@code value} if that takes at most {@code limit} bytes; else throws. */
    static void write(Object value, Scope scope, int limit) throws IOException {
        write(value, scope, new LimitedOutput(scope.out().asOutputStream(), limit));
    }

    private static void write(Object value, Scope scope, OutputStream target) throws IOException {
        Payload out = scope.out();
        int start = out.reserve(Integer.BYTES);
        Scope outer = scope.enter();
        try {
            scope.codec().encode(value, target);
        } finally {
            Scope.leave(outer);
        }
        out.setInt(start, out.position() - start - Integer.BYTES);
    }

    /** Reads the object, and skips what its codec may have left. */
    static Object read(PayloadReader in, Codec codec, @Nullable ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        int length = in.readInt();
        long end = in.remaining() - length;
        if (length < 0 || end < 0) {
            throw new EOFException("an object of " + Integer.toUnsignedString(length) + " bytes where " + in.remaining()
                    + " bytes are left");
        }
        InputStream bytes = in.asInputStream(length);
        Object value = codec.decode(bytes, Filters.withinBytes(length, filter));
        in.skip(in.remaining() - end);
        return value;
    }

    private static final class LimitedOutput extends FilterOutputStream {
        private int left;

        LimitedOutput(OutputStream out, int limit) {
            super(out);
            left = limit;
        }

        @Override
        public void write(int value) throws IOException {
            count(1);
            out.write(value);
        }

        @Override
        public void write(byte[] array, int offset, int count) throws IOException {
            count(count);
            out.write(array, offset, count);
        }

        private void count(int more) throws IOException {
            left -= more;
            if (left < 0) {
                throw new IOException("too large");
            }
        }
    }
}
