package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Codec;
import dev.procpool.SerializableCallable;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, a decoder gives a value or its one exception, soon, and without asking for absurd memory. */
class FuzzTest {
    private static final int ROUNDS = 30_000;
    private static final long SEED = 20_240_601;

    private final TaskEncoder encoder = new TaskEncoder(Codec.javaSerialization());
    private final Random random = new Random(SEED);
    private int fine;
    private int failed;

    @Test
    void mutatedTasks() throws Exception {
        List<Payload> tasks = tasks();
        for (int i = 0; i < ROUNDS; i++) {
            Payload task = tasks.get(i % tasks.size());
            TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), Filters.defaultFilter());
            for (int id : task.definitions()) {
                byte[] body = RoundTrip.bytes(Definitions.body(id));
                byte[] sent = random.nextInt(4) == 0 ? mutate(body) : body;
                define(decoder, id, sent);
            }
            byte[] bytes = mutate(RoundTrip.bytes(task));
            try {
                decoder.decodeTask(new PayloadReader(bytes, 0, bytes.length));
                fine++;
            } catch (DecodeException e) {
                failed++;
            }
        }
        assertThat(fine).isGreaterThan(ROUNDS / 100);
        assertThat(failed).isGreaterThan(ROUNDS / 3);
    }

    @Test
    void mutatedExceptions() {
        Payload out = new Payload();
        Exception thrown = new IllegalStateException("outer", new IOException("inner"));
        thrown.addSuppressed(new ArithmeticException());
        ThrowableCodec.encode(thrown, out, Codec.javaSerialization());
        byte[] good = RoundTrip.bytes(out);

        for (int i = 0; i < ROUNDS / 10; i++) {
            byte[] bytes = mutate(good);
            ThrowableCodec.Decoded decoded = ThrowableCodec.decode(
                    new PayloadReader(bytes, 0, bytes.length), Codec.javaSerialization(), Filters.defaultFilter());
            if (decoded.original() == null) {
                failed++;
            } else {
                fine++;
            }
        }
        assertThat(fine).isPositive();
        assertThat(failed).isPositive();
    }

    @Test
    void noise() {
        TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), null);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) (bytes[0] & 0x1F);
            }
            define(decoder, random.nextInt(4), bytes);
            try {
                decoder.decodeValue(new PayloadReader(bytes, 0, bytes.length));
                fine++;
            } catch (DecodeException e) {
                failed++;
            }
        }
        assertThat(fine).isPositive();
        assertThat(failed).isPositive();
    }

    @Test
    void everyTruncation() throws Exception {
        for (Payload task : tasks()) {
            byte[] bytes = RoundTrip.bytes(task);
            TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), null);
            for (int id : task.definitions()) {
                byte[] body = RoundTrip.bytes(Definitions.body(id));
                decoder.define(id, new PayloadReader(body, 0, body.length), body.length);
            }
            for (int length = 0; length < bytes.length; length++) {
                PayloadReader in = new PayloadReader(bytes, 0, length);
                try {
                    decoder.decodeTask(in);
                    assertThat(length).as("decoded all the same").isNegative();
                } catch (DecodeException e) {
                    failed++;
                }
            }
        }
        assertThat(failed).isPositive();
    }

    private void define(TaskDecoder decoder, int id, byte[] body) {
        try {
            decoder.define(id, new PayloadReader(body, 0, body.length), body.length);
        } catch (IOException e) {
            failed++;
        }
    }

    private List<Payload> tasks() throws EncodeException {
        int number = 5;
        String text = "text";
        byte[] bytes = {1, 2, 3};
        Map<String, Object> map = new HashMap<>(Map.of("a", 1, "b", List.of(2L, LocalDate.EPOCH)));
        HashSet<Object> set = new HashSet<>(Arrays.asList("x", null, 3.0));
        SerializableCallable<Object> nothing = () -> 1;
        SerializableCallable<Object> plain = () -> text + number;
        SerializableCallable<Object> array = () -> bytes;
        SerializableCallable<Object> object = () -> map;
        SerializableCallable<Object> together = () -> List.of(map, set, bytes);
        SerializableCallable<Object> nested = () -> array.call();
        List<Payload> tasks = new ArrayList<>();
        for (Object task : List.of(nothing, plain, array, object, together, nested, new ArrayList<>(List.of(map)))) {
            Payload out = new Payload();
            encoder.encodeTask(task, out);
            tasks.add(out);
        }
        return tasks;
    }

    /** Changes a few bytes, cuts, repeats a piece, or writes an extreme length somewhere. */
    private byte[] mutate(byte[] good) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0x7F);
                case 3 -> System.arraycopy(good, 0, bytes, at, Math.min(good.length, bytes.length - at));
                default -> bytes = Arrays.copyOf(bytes, at + 1);
            }
        }
        return bytes;
    }
}
