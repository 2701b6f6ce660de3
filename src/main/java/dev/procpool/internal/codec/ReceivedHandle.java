package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.PayloadReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** The definition of a handle, as the receiver knows it; the handle is made on first use. Thread-safe. */
final class ReceivedHandle {
    private final byte[] handleBytes;
    private final LazyValue value;
    private final @Nullable ObjectInputFilter filter;
    private @Nullable Handle handle;

    private ReceivedHandle(byte[] handleBytes, LazyValue value, @Nullable ObjectInputFilter filter) {
        this.handleBytes = handleBytes;
        this.value = value;
        this.filter = filter;
    }

    /** Reads the body of a definition, less the kind byte, until {@code end} bytes are left. */
    static ReceivedHandle read(PayloadReader in, long end, TaskDecoder decoder) throws IOException {
        int length = in.readInt();
        long valueStart = in.remaining() - length;
        if (length < 0 || valueStart < end) {
            throw new EOFException(
                    "a handle of " + Integer.toUnsignedString(length) + " bytes in a shorter definition");
        }
        byte[] handleBytes = TaskDecoder.rest(in, valueStart);
        int tag = in.readByte();
        if (ValueCodec.isPlain(tag)) {
            // Needs no code of the user's, and perhaps much memory: so not as bytes first.
            return new ReceivedHandle(handleBytes, new LazyValue(ValueCodec.decode(tag, in)), decoder.filter());
        }
        byte[] valueBytes = new byte[(int) (in.remaining() - end) + 1];
        valueBytes[0] = (byte) tag;
        in.readFully(valueBytes, 1, valueBytes.length - 1);
        return new ReceivedHandle(handleBytes, new LazyValue(valueBytes, decoder), decoder.filter());
    }

    /** The one handle that stands for this definition here. */
    synchronized Handle get() throws DecodeException {
        Handle made = handle;
        if (made == null) {
            made = make();
            made.receive(value);
            handle = made;
        }
        return made;
    }

    /** Lets go of what only this definition keeps. */
    synchronized void forget() {
        if (handle != null) {
            handle.withdraw();
        }
    }

    private Handle make() throws DecodeException {
        try {
            return (Handle) Codec.javaSerialization().decode(new ByteArrayInputStream(handleBytes), filter);
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            throw new DecodeException("the handle of a shared value could not be rebuilt: " + e, e);
        }
    }
}
