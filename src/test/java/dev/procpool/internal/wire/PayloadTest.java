package dev.procpool.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
    private static final int[] INTS = {0, 1, -1, 127, 128, 16_383, 16_384, Integer.MIN_VALUE, Integer.MAX_VALUE};
    private static final long[] LONGS = {0, -1, 0x8000_0000L, 0xFFFF_FFFFL, Long.MIN_VALUE, 0x0102_0304_0506_0708L};

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 100_000})
    void numbersSurviveHoweverTheyArrive(int bytesAtATime) throws Exception {
        Payload out = new Payload();
        for (int value : INTS) {
            out.writeInt(value);
            out.writeVarInt(value);
            out.writeByte(value);
        }
        for (long value : LONGS) {
            out.writeLong(value);
        }
        PayloadReader in = new Dripping(bytes(out), bytesAtATime);

        for (int value : INTS) {
            assertThat(in.readInt()).isEqualTo(value);
            assertThat(in.readVarInt()).isEqualTo(value);
            assertThat(in.readByte()).isEqualTo(value & 0xFF);
        }
        for (long value : LONGS) {
            assertThat(in.readLong()).isEqualTo(value);
        }
        assertThat(in.remaining()).isZero();
        assertThatThrownBy(in::readByte).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void piecesOfAFrame(int bytesAtATime) throws Exception {
        Payload out = new Payload();
        byte[] text = "grün".getBytes(StandardCharsets.ISO_8859_1);
        out.write(text, 0, text.length);
        out.write(new byte[20_000], 0, 20_000);
        out.writeInt(1);
        out.writeInt(2);
        PayloadReader in = new Dripping(bytes(out), bytesAtATime);

        assertThat(in.readLatin1(4)).isEqualTo("grün");
        in.skip(20_000);
        try (InputStream view = in.asInputStream(4)) {
            assertThat(view.readAllBytes()).containsExactly(1, 0, 0, 0);
            assertThat(view.read()).isEqualTo(-1);
        }
        assertThat(in.remaining()).isEqualTo(4);
        assertThat(in.asInputStream().readAllBytes()).containsExactly(2, 0, 0, 0);
        assertThatThrownBy(() -> in.skip(1)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> in.readLatin1(1)).isInstanceOf(EOFException.class);
    }

    @Test
    void largeArraysAreInsertedWhereTheyWereWritten() throws Exception {
        byte[] large = new byte[Payload.BY_REFERENCE];
        Arrays.fill(large, (byte) 7);
        Payload out = new Payload();
        out.writeByte(1);
        out.writeArray(large);
        out.writeByte(2);
        out.writeArray(large);

        byte[] bytes = bytes(out);
        assertThat(out.length()).isEqualTo(2L * large.length + 2).isEqualTo(bytes.length);
        assertThat(bytes[0]).isEqualTo((byte) 1);
        assertThat(bytes[large.length]).isEqualTo((byte) 7);
        assertThat(bytes[large.length + 1]).isEqualTo((byte) 2);
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) 7);
    }

    @Test
    void truncateGoesBackToTheMark() throws Exception {
        Payload out = new Payload();
        out.writeInt(1);
        out.writeArray(new byte[Payload.BY_REFERENCE]);
        long mark = out.mark();
        byte[] before = bytes(out);
        out.writeInt(2);
        out.writeArray(new byte[Payload.BY_REFERENCE]);
        out.writeInt(3);
        out.truncate(mark);

        assertThat(bytes(out)).isEqualTo(before);
        out.truncate(new Payload().mark());
        assertThat(out.length()).isZero();
        assertThat(out.isContiguous()).isTrue();
    }

    @Test
    void detachedCopySharesNothing() throws Exception {
        byte[] large = new byte[Payload.BY_REFERENCE];
        Payload out = new Payload();
        out.writeArray(large);
        out.require(5);
        Payload copy = out.detach();
        large[0] = 1;
        out.reset();

        assertThat(bytes(copy)).isEqualTo(new byte[Payload.BY_REFERENCE]);
        assertThat(copy.definitions()).containsExactly(5);
        assertThat(out.definitions()).isEmpty();
    }

    @Test
    void definitionsAreRequiredOnce() {
        Payload out = new Payload();
        out.require(3);
        out.require(1);
        out.require(3);

        assertThat(out.definitions()).containsExactly(3, 1);
    }

    private static byte[] bytes(Payload payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        payload.writeTo(bytes::write);
        return bytes.toByteArray();
    }

    /** A frame that comes a few bytes at a time. */
    private static final class Dripping extends PayloadReader {
        private final byte[] bytes;
        private final int bytesAtATime;
        private int given;

        Dripping(byte[] bytes, int bytesAtATime) {
            super(new byte[0], 0, 0);
            this.bytes = bytes;
            this.bytesAtATime = bytesAtATime;
        }

        @Override
        protected long unbuffered() {
            return (long) bytes.length - given;
        }

        @Override
        protected int fill(byte[] target, int offset, int count) {
            int some = Math.min(Math.min(count, bytesAtATime), bytes.length - given);
            if (some == 0) {
                return -1;
            }
            System.arraycopy(bytes, given, target, offset, some);
            given += some;
            return some;
        }
    }
}
