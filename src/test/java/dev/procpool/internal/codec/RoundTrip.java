package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Both ends of a connection in one JVM: encodes, hands over the definitions that the receiver lacks, decodes. */
public final class RoundTrip {
    public final TaskEncoder encoder;
    public final TaskDecoder decoder;
    private final Set<Integer> sent = new HashSet<>();

    public RoundTrip() {
        this(Codec.javaSerialization());
    }

    public RoundTrip(Codec codec) {
        encoder = new TaskEncoder(codec);
        decoder = new TaskDecoder(codec, null);
    }

    @SuppressWarnings("unchecked")
    public <T> T task(T task) throws EncodeException, DecodeException {
        return (T) decoder.decodeTask(sendTask(task));
    }

    @SuppressWarnings("unchecked")
    public <T> T value(@Nullable T value) throws EncodeException, DecodeException {
        return (T) decoder.decodeValue(sendValue(value));
    }

    public PayloadReader sendTask(Object task) throws EncodeException {
        Payload out = new Payload();
        encoder.encodeTask(task, out);
        return send(out);
    }

    public PayloadReader sendValue(@Nullable Object value) throws EncodeException {
        Payload out = new Payload();
        encoder.encodeValue(value, out);
        return send(out);
    }

    private PayloadReader send(Payload out) {
        for (int id : out.definitions()) {
            if (sent.add(id)) {
                byte[] body = bytes(Definitions.body(id));
                try {
                    decoder.define(id, new PayloadReader(body, 0, body.length), body.length);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return reader(out);
    }

    /** The body of the one definition that {@code handle} needs. */
    public static byte[] definition(Object handle) throws EncodeException {
        Payload out = new Payload();
        new TaskEncoder(Codec.javaSerialization()).encodeValue(handle, out);
        return bytes(Definitions.body(out.definitions()[0]));
    }

    /** The handle that a process makes of a definition which it has just received. */
    public static Object receive(byte[] definition) throws IOException, DecodeException {
        TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), null);
        decoder.define(1, new PayloadReader(definition, 0, definition.length), definition.length);
        Payload value = new Payload();
        value.writeByte(ValueCodec.HANDLE);
        value.writeLong(0);
        value.writeLong(0);
        value.writeVarInt(1);
        return decoder.decodeValue(reader(value));
    }

    public static PayloadReader reader(Payload payload) {
        byte[] bytes = bytes(payload);
        return new PayloadReader(bytes, 0, bytes.length);
    }

    public static byte[] bytes(Payload payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            payload.writeTo(bytes::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
