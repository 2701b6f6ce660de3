package dev.procpool.codec;

import dev.procpool.wire.Payload;
import dev.procpool.wire.PayloadReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Both ends of a connection in one JVM: encodes, hands over the definitions that the receiver lacks, decodes. */
final class RoundTrip {
    final TaskEncoder encoder;
    final TaskDecoder decoder;
    private final Set<Integer> sent = new HashSet<>();

    RoundTrip() {
        this(Codec.javaSerialization());
    }

    RoundTrip(Codec codec) {
        encoder = new TaskEncoder(codec);
        decoder = new TaskDecoder(codec, null);
    }

    @SuppressWarnings("unchecked")
    <T> T task(T task) throws EncodeException, DecodeException {
        return (T) decoder.decodeTask(sendTask(task));
    }

    @SuppressWarnings("unchecked")
    <T> T value(@Nullable T value) throws EncodeException, DecodeException {
        return (T) decoder.decodeValue(sendValue(value));
    }

    PayloadReader sendTask(Object task) throws EncodeException {
        Payload out = new Payload();
        encoder.encodeTask(task, out);
        return send(out);
    }

    PayloadReader sendValue(@Nullable Object value) throws EncodeException {
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

    static PayloadReader reader(Payload payload) {
        byte[] bytes = bytes(payload);
        return new PayloadReader(bytes, 0, bytes.length);
    }

    static byte[] bytes(Payload payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            payload.writeTo(bytes::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
