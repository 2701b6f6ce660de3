package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.procpool.Codec;
import dev.procpool.SerializableCallable;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Guided by coverage: both directions of the codec, fed by a process gone mad, and by one that is sound. */
@Tag("fuzz")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class GuidedCodecFuzzTest {
    static Stream<Arguments> encodedValues() throws EncodeException {
        Payload out = new Payload();
        List<Arguments> seeds = new ArrayList<>();
        for (Object value : new Object[] {
            null,
            1,
            "text",
            "te\u20acxt",
            new long[] {1, 2},
            List.of(1, "a"),
            new HashMap<>(Map.of("k", LocalDate.EPOCH))
        }) {
            out.reset();
            new TaskEncoder(Codec.javaSerialization()).encodeValue(value, out);
            seeds.add(Arguments.of(RoundTrip.bytes(out)));
        }
        return seeds.stream();
    }

    static Stream<Arguments> encodedThrowables() {
        Exception thrown = new IllegalStateException("outer", new IOException("inner"));
        thrown.addSuppressed(new ArithmeticException());
        Payload out = new Payload();
        ThrowableCodec.encode(thrown, out, Codec.javaSerialization());
        return Stream.of(Arguments.of(RoundTrip.bytes(out)));
    }

    /** Parent: a result. */
    @MethodSource("encodedValues")
    @FuzzTest
    void values(byte[] bytes) {
        TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), Filters.defaultFilter());
        try {
            decoder.decodeValue(new PayloadReader(bytes, 0, bytes.length));
        } catch (DecodeException e) {
            assertThat(e).isNotNull(); // the one way to fail
        }
    }

    /** Parent: an exception. Whatever comes, something can be thrown. */
    @MethodSource("encodedThrowables")
    @FuzzTest
    void throwables(byte[] bytes) {
        ThrowableCodec.Decoded decoded = ThrowableCodec.decode(
                new PayloadReader(bytes, 0, bytes.length), Codec.javaSerialization(), Filters.defaultFilter());
        assertThat(decoded).isNotNull();
    }

    /** Child: definitions, then a task that uses them. */
    @FuzzTest
    void tasks(FuzzedDataProvider data) {
        TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), null);
        try {
            for (int left = data.consumeInt(0, 3); left > 0; left--) {
                byte[] definition = data.consumeBytes(data.consumeInt(0, 200));
                decoder.define(
                        data.consumeInt(0, 3), new PayloadReader(definition, 0, definition.length), definition.length);
            }
            byte[] task = data.consumeRemainingAsBytes();
            decoder.decodeTask(new PayloadReader(task, 0, task.length));
        } catch (IOException | DecodeException e) {
            assertThat(e).isNotNull(); // the two ways to fail
        }
    }

    /** What one side encodes is what the other decodes. */
    @FuzzTest
    void roundTrip(FuzzedDataProvider data) throws Exception {
        Object value = value(data, 3);
        RoundTrip connection = new RoundTrip();
        assertThat(asList(connection.value(value))).isEqualTo(asList(value));
        SerializableCallable<Object> task = () -> value;
        assertThat(asList(connection.task(task).call())).isEqualTo(asList(value));
        Payload twice = new Payload();
        connection.encoder.encodeValue(value, twice);
        PayloadReader reader = RoundTrip.reader(twice);
        connection.decoder.decodeValue(reader);
        assertThat(reader.remaining()).isZero();
    }

    private static Object value(FuzzedDataProvider data, int depth) {
        return switch (data.consumeInt(0, depth > 0 ? 14 : 12)) {
            case 0 -> null;
            case 1 -> data.consumeBoolean();
            case 2 -> data.consumeByte();
            case 3 -> data.consumeShort();
            case 4 -> data.consumeCharNoSurrogates();
            case 5 -> data.consumeInt();
            case 6 -> data.consumeLong();
            case 7 -> Float.intBitsToFloat(data.consumeInt());
            case 8 -> Double.longBitsToDouble(data.consumeLong());
            case 9 -> data.consumeString(50);
            case 10 -> data.consumeBytes(50);
            case 11 -> data.consumeLongs(20);
            case 12 -> data.consumeShorts(20);
            case 13 -> {
                List<Object> list = new ArrayList<>();
                for (int left = data.consumeInt(0, 4); left > 0; left--) {
                    list.add(value(data, depth - 1));
                }
                yield list;
            }
            default -> {
                HashMap<String, Object> map = new HashMap<>();
                for (int left = data.consumeInt(0, 4); left > 0; left--) {
                    map.put(data.consumeString(5), value(data, depth - 1));
                }
                yield map;
            }
        };
    }

    /** With arrays as lists, so that they can be compared. */
    private static Object asList(Object value) {
        if (value instanceof byte[] bytes) {
            return List.of("byte[]", Arrays.toString(bytes));
        } else if (value instanceof long[] longs) {
            return List.of("long[]", Arrays.toString(longs));
        } else if (value instanceof short[] shorts) {
            return List.of("short[]", Arrays.toString(shorts));
        } else if (value instanceof List<?> list) {
            return list.stream().map(GuidedCodecFuzzTest::asList).toList();
        } else if (value instanceof HashMap<?, ?> map) {
            HashMap<Object, Object> copy = new HashMap<>();
            map.forEach((key, each) -> copy.put(key, asList(each)));
            return copy;
        }
        return value;
    }
}
