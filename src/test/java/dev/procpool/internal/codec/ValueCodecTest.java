package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueCodecTest {
    private final RoundTrip roundTrip = new RoundTrip();

    static Stream<@Nullable Object> simpleValues() {
        return Stream.of(
                null,
                true,
                false,
                (byte) 0,
                Byte.MIN_VALUE,
                Byte.MAX_VALUE,
                (short) -1,
                Short.MIN_VALUE,
                Short.MAX_VALUE,
                'a',
                '\0',
                '\uFFFF',
                '\uD800',
                0,
                -1,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE,
                0L,
                -1L,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                0f,
                -0f,
                Float.NaN,
                Float.MIN_VALUE,
                Float.NEGATIVE_INFINITY,
                0d,
                -0d,
                Double.NaN,
                Double.MIN_VALUE,
                Double.POSITIVE_INFINITY,
                "",
                "a",
                "\u0000\u00FF",
                "\u0100",
                "grüße",
                "日本語",
                "\uD83D\uDE00",
                "\uD800",
                "\uDC00x",
                "x\uD800",
                "a".repeat(127),
                "a".repeat(128),
                "é".repeat(100_000),
                "本".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("simpleValues")
    void simpleValueSurvives(@Nullable Object value) throws Exception {
        PayloadReader in = roundTrip.sendValue(value);
        int tag = RoundTrip.reader(payloadOf(value)).readByte();

        assertThat(roundTrip.decoder.decodeValue(in)).isEqualTo(value);
        assertThat(in.remaining()).isZero();
        assertThat(ValueCodec.isSimple(tag)).isTrue();
        assertThat(ValueCodec.isSimple(value)).isTrue();
    }

    @Test
    void nanKeepsItsPayload() throws Exception {
        double odd = Double.longBitsToDouble(0x7FF8_0000_DEAD_BEEFL);
        float oddFloat = Float.intBitsToFloat(0x7FC0_BEEF);

        assertThat(Double.doubleToRawLongBits(roundTrip.value(odd))).isEqualTo(0x7FF8_0000_DEAD_BEEFL);
        assertThat(Float.floatToRawIntBits(roundTrip.value(oddFloat))).isEqualTo(0x7FC0_BEEF);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 4_095, 4_096, 8_191, 8_192, 8_193, 32 * 1024, 100_001})
    void arrayOfPrimitivesSurvives(int length) throws Exception {
        Random random = new Random(length);
        byte[] bytes = new byte[length];
        boolean[] booleans = new boolean[length];
        char[] chars = new char[length];
        short[] shorts = new short[length];
        float[] floats = new float[length];
        random.nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            booleans[i] = random.nextBoolean();
            chars[i] = (char) random.nextInt();
            shorts[i] = (short) random.nextInt();
            floats[i] = random.nextFloat();
        }

        for (Object array : new Object[] {
            bytes,
            booleans,
            chars,
            shorts,
            random.ints(length).toArray(),
            random.longs(length).toArray(),
            floats,
            random.doubles(length).toArray()
        }) {
            PayloadReader in = roundTrip.sendValue(array);
            Object copy = roundTrip.decoder.decodeValue(in);

            assertThat(copy).isNotSameAs(array).hasSameClassAs(array);
            assertThat(Arrays.deepEquals(new Object[] {copy}, new Object[] {array}))
                    .isTrue();
            assertThat(in.remaining()).isZero();
        }
    }

    @Test
    void largeByteArrayIsKeptByReference() throws Exception {
        Payload out = new Payload();
        roundTrip.encoder.encodeValue(new byte[Payload.BY_REFERENCE], out);

        assertThat(out.isContiguous()).isFalse();
        assertThat(out.buffer().length).isLessThan(Payload.BY_REFERENCE);
    }

    @Test
    void bytesAreAsDocumented() throws Exception {
        assertThat(hex(null)).isEqualTo("00");
        assertThat(hex(true)).isEqualTo("01");
        assertThat(hex(false)).isEqualTo("02");
        assertThat(hex((byte) -1)).isEqualTo("03ff");
        assertThat(hex((short) 0x1234)).isEqualTo("043412");
        assertThat(hex('A')).isEqualTo("054100");
        assertThat(hex(1)).isEqualTo("0601000000");
        assertThat(hex(-2L)).isEqualTo("07feffffffffffffff");
        assertThat(hex(1f)).isEqualTo("080000803f");
        assertThat(hex(1d)).isEqualTo("09000000000000f03f");
        assertThat(hex("hé")).isEqualTo("0a0268e9");
        assertThat(hex("本")).isEqualTo("0b012c67");
        assertThat(hex(new byte[] {1, 2})).isEqualTo("0c020102");
        assertThat(hex(new boolean[] {true, false})).isEqualTo("0d020100");
        assertThat(hex(new char[] {'A'})).isEqualTo("0e014100");
        assertThat(hex(new short[] {1})).isEqualTo("0f010100");
        assertThat(hex(new int[] {1})).isEqualTo("100101000000");
        assertThat(hex(new long[] {1})).isEqualTo("11010100000000000000");
        assertThat(hex(new float[] {1})).isEqualTo("12010000803f");
        assertThat(hex(new double[] {1})).isEqualTo("1301000000000000f03f");
        assertThat(hex(Thread.State.NEW)).startsWith("14").contains("aced0005");
    }

    private String hex(@Nullable Object value) throws EncodeException {
        return HexFormat.of().formatHex(RoundTrip.bytes(payloadOf(value)));
    }

    private Payload payloadOf(@Nullable Object value) throws EncodeException {
        Payload out = new Payload();
        roundTrip.encoder.encodeValue(value, out);
        return out;
    }
}
