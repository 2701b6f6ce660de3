package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.Codec;
import dev.procpool.SerializableCallable;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever happens while a task is rebuilt is a {@link DecodeException} that says what it was. */
class DecodeFailureTest {
    private final RoundTrip roundTrip = new RoundTrip();

    @Test
    void classOfAValueIsMissing() throws Exception {
        byte[] bytes = RoundTrip.bytes(payload(new Known("x")));
        rename(bytes, "DecodeFailureTest$Known", "DecodeFailureTest$Knowm");

        assertThat(decodeTask(bytes))
                .hasMessage(
                        "class dev.procpool.internal.codec.DecodeFailureTest$Knowm is not on the worker's class path");
        assertThat(decodeValue(bytes))
                .hasMessage("class dev.procpool.internal.codec.DecodeFailureTest$Knowm is not on the class path here");
    }

    @Test
    void classOfALambdaIsMissing() throws Exception {
        SerializableCallable<Integer> task = () -> 1;
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);
        int id = out.definitions()[0];
        byte[] body = RoundTrip.bytes(Definitions.body(id));
        rename(body, "codec/DecodeFailureTest", "codec/DecodeFailureTesd");
        roundTrip.decoder.define(id, new PayloadReader(body, 0, body.length), body.length);

        assertThat(decodeTask(RoundTrip.bytes(out)))
                .hasMessage("class dev.procpool.internal.codec.DecodeFailureTesd is not on the worker's class path");
    }

    @Test
    void methodOfALambdaIsMissing() throws Exception {
        SerializableCallable<Integer> task = () -> 2;
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);
        int id = out.definitions()[0];
        byte[] body = RoundTrip.bytes(Definitions.body(id));
        rename(body, "lambda$methodOfALambdaIsMissing", "lambda$methodOfALambdaIsMissinG");
        roundTrip.decoder.define(id, new PayloadReader(body, 0, body.length), body.length);

        assertThat(decodeTask(RoundTrip.bytes(out)))
                .hasMessageContaining(
                        "the worker has another version of dev.procpool.internal.codec.DecodeFailureTest");
    }

    @Test
    void staticInitializerThrows() throws Exception {
        String name = InitThrows.class.getName(); // which does not initialise it
        byte[] bytes = RoundTrip.bytes(payload(new InitIsFine()));
        rename(bytes, InitIsFine.class.getName(), name);

        assertThat(decodeTask(bytes))
                .hasMessageContaining("a static initializer has thrown java.lang.NumberFormatException");
        assertThat(decodeTask(bytes)).hasMessageContaining("Could not initialize class " + name);
    }

    @Test
    void readObjectThrows() throws Exception {
        assertThat(decodeTask(RoundTrip.bytes(payload(new BadRead("runtime")))))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the task could not be rebuilt: java.lang.IllegalStateException: bad");
        assertThat(decodeTask(RoundTrip.bytes(payload(new BadRead("memory")))))
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(decodeTask(RoundTrip.bytes(payload(new BadRead("stack")))))
                .hasMessageContaining("nested too deeply for the stack");
    }

    @Test
    void missingDefinition() {
        assertThat(decodeTask(HexFormat.of().parseHex("157f")))
                .hasMessage("the shape of a lambda, definition 127, has not come");
        assertThat(decodeTask(HexFormat.of().parseHex("17" + "00".repeat(16) + "7f")))
                .hasMessage("a shared value that this process does not know, or that was closed");
    }

    @Test
    void forgottenDefinition() throws Exception {
        SerializableCallable<Integer> task = () -> 3;
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);
        roundTrip.task(task);
        roundTrip.decoder.forget(out.definitions()[0]);

        assertThat(decodeTask(RoundTrip.bytes(out))).hasMessageContaining("has not come");
    }

    @Test
    void nullIsNoTask() {
        assertThat(decodeTask(new byte[] {0})).hasMessage("there is null where a task should be");
    }

    @ParameterizedTest
    @CsvSource({
        "'', the frame ends 1 bytes too early",
        "06000000, the frame ends 1 bytes too early",
        "0a0561, a length of 5 where 1 bytes are left",
        "0bffffffff07, an array of 2147483647 where 0 bytes are left",
        "0cffffffff07, a length of 2147483647 where 0 bytes are left",
        "11ffffffff0f, an array of 4294967295 where 0 bytes are left",
        "14ffffffff, an object of 4294967295 bytes where 0 bytes are left",
        "1400000100aced, an object of 65536 bytes where 2 bytes are left",
        "0c8080808080, a variable-length number of more than 5 bytes",
        "18, no plain value begins with byte 24",
        "16, no plain value begins with byte 22",
        "ff, no plain value begins with byte 255",
    })
    void brokenBytes(String hex, String message) {
        assertThat(decodeValue(HexFormat.of().parseHex(hex))).hasMessageContaining(message);
    }

    @Test
    void brokenDefinitions() {
        for (String hex : List.of("", "04", "02ffffffff", "0200000000", "020000000005")) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            assertThat(catchThrowableOfType(
                            IOException.class,
                            () -> roundTrip.decoder.define(1, new PayloadReader(bytes, 0, bytes.length), bytes.length)))
                    .as(hex)
                    .isNotNull();
        }
        byte[] bytes = {1, 2, 3};
        assertThat(catchThrowableOfType(
                        IOException.class, () -> roundTrip.decoder.define(1, new PayloadReader(bytes, 0, 3), 4)))
                .isNotNull();
    }

    @Test
    void filterRejects() throws Exception {
        ObjectInputFilter noLists = ObjectInputFilter.Config.createFilter("!java.util.ArrayList");
        TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), noLists);

        assertThat(catchThrowableOfType(
                        DecodeException.class,
                        () -> decoder.decodeValue(roundTrip.sendValue(new ArrayList<>(List.of(1))))))
                .hasMessageContaining("REJECTED");
        assertThat(decoder.decodeValue(roundTrip.sendValue(new Known("y")))).isEqualTo(new Known("y"));
    }

    @Test
    void filterIsAskedAboutTheClassOfALambda() throws Exception {
        SerializableCallable<Integer> task = () -> 4;
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);
        int id = out.definitions()[0];
        byte[] body = RoundTrip.bytes(Definitions.body(id));
        TaskDecoder decoder =
                new TaskDecoder(Codec.javaSerialization(), ObjectInputFilter.Config.createFilter("!dev.procpool.**"));
        decoder.define(id, new PayloadReader(body, 0, body.length), body.length);

        assertThat(catchThrowableOfType(DecodeException.class, () -> decoder.decodeTask(RoundTrip.reader(out))))
                .hasMessageContaining("rejected by the filter");
    }

    @Test
    void defaultFilterSaysWhichLimit() throws Exception {
        TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), Filters.defaultFilter());
        ArrayList<Object> chain = new ArrayList<>();
        ArrayList<Object> end = chain;
        for (int i = 0; i < 300; i++) {
            ArrayList<Object> next = new ArrayList<>();
            end.add(next);
            end = next;
        }
        assertThat(decoder.decodeValue(roundTrip.sendValue(chain))).isEqualTo(chain);

        ObjectInputFilter.FilterInfo tooDeep = new Info(Filters.MAX_DEPTH + 1, -1, 0);
        ObjectInputFilter.FilterInfo tooLong = new Info(1, Filters.MAX_ARRAY + 1L, 0);
        ObjectInputFilter.FilterInfo tooMuch = new Info(1, -1, Filters.MAX_BYTES + 1);
        for (ObjectInputFilter.FilterInfo info : List.of(tooDeep, tooLong, tooMuch)) {
            assertThat(catchThrowableOfType(
                            IllegalArgumentException.class,
                            () -> Filters.defaultFilter().checkInput(info)))
                    .hasMessageContaining("over the limit");
        }
    }

    @Test
    void arrayThatClaimsMoreThanCame() throws Exception {
        byte[] bytes = RoundTrip.bytes(payload(new Object[] {"x"}));
        int count = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("xp\0\0\0\1t") + 2;
        bytes[count] = 0x7F;

        assertThat(decodeValue(bytes))
                .hasMessageContaining("the value was rejected: an array of 2130706433 elements in too few bytes");
    }

    private Payload payload(Object value) throws EncodeException {
        Payload out = new Payload();
        roundTrip.encoder.encodeValue(value, out);
        return out;
    }

    private DecodeException decodeTask(byte[] bytes) {
        return catchThrowableOfType(
                DecodeException.class, () -> roundTrip.decoder.decodeTask(new PayloadReader(bytes, 0, bytes.length)));
    }

    private DecodeException decodeValue(byte[] bytes) {
        return catchThrowableOfType(
                DecodeException.class, () -> roundTrip.decoder.decodeValue(new PayloadReader(bytes, 0, bytes.length)));
    }

    /** Writes a name of the same length over another one. */
    private static void rename(byte[] bytes, String from, String to) {
        assertThat(to).hasSameSizeAs(from);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(from);
        assertThat(at).isNotNegative();
        for (; at >= 0; at = text.indexOf(from, at + 1)) {
            System.arraycopy(to.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, at, to.length());
        }
    }

    private record Known(String text) implements Serializable {}

    /** Of the shape of {@link InitThrows}, and with a name as long. */
    private static final class InitIsFine implements Serializable {
        private static final long serialVersionUID = 1;
    }

    private static final class InitThrows implements Serializable {
        private static final long serialVersionUID = 1;

        static {
            Integer.parseInt("bad");
        }
    }

    private static final class BadRead implements Serializable {
        private final String how;

        BadRead(String how) {
            this.how = how;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            switch (how) {
                case "runtime" -> throw new IllegalStateException("bad");
                case "memory" -> throw new OutOfMemoryError("bad");
                default -> throw new StackOverflowError("bad");
            }
        }
    }

    private record Info(long depth, long arrayLength, long streamBytes) implements ObjectInputFilter.FilterInfo {
        @Override
        public Class<?> serialClass() {
            return Object[].class;
        }

        @Override
        public long references() {
            return 1;
        }
    }
}
