package dev.procpool.internal.codec;

import dev.procpool.internal.wire.PayloadReader;
import org.jspecify.annotations.Nullable;

/** A value that is decoded when somebody asks for it, once; its bytes are dropped then. Thread-safe. */
final class LazyValue {
    private @Nullable Object value;
    private @Nullable TaskDecoder decoder;
    /** Null from the moment on that {@link #value} is set. Both are guarded by this, or by seeing null here. */
    private volatile byte @Nullable [] bytes;

    /** A value that is here already. */
    LazyValue(@Nullable Object value) {
        this.value = value;
    }

    /** A value that {@code decoder} will read. */
    LazyValue(byte[] bytes, TaskDecoder decoder) {
        this.bytes = bytes;
        this.decoder = decoder;
    }

    /** The value; a failure stays a failure, but is tried again each time. */
    @Nullable Object get() throws DecodeException {
        return bytes == null ? value : decode();
    }

    private synchronized @Nullable Object decode() throws DecodeException {
        byte[] source = bytes;
        if (source != null && decoder != null) {
            value = decoder.decodeValue(new PayloadReader(source, 0, source.length));
            decoder = null;
            bytes = null;
        }
        return value;
    }
}
