package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Codec;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrowableCodecTest {
    static List<Throwable> ordinary() {
        return List.of(
                new IOException("disk"),
                new NoSuchFileException("file", null, "reason"),
                new IllegalStateException(),
                new IllegalStateException("\uD800 odd"),
                new OutOfMemoryError("heap"),
                new StackOverflowError(),
                new AssertionError(42),
                new Fine("x", 7));
    }

    @ParameterizedTest
    @MethodSource("ordinary")
    void survivesWithItsStack(Throwable thrown) {
        ThrowableCodec.Decoded decoded = roundTrip(thrown);

        assertThat(decoded.className()).isEqualTo(thrown.getClass().getName());
        assertThat(decoded.message()).isEqualTo(thrown.getMessage() == null ? "" : thrown.getMessage());
        assertThat(decoded.stackTrace()).contains("at " + ThrowableCodecTest.class.getName() + ".ordinary(");
        Throwable original = original(decoded);
        assertThat(original).hasSameClassAs(thrown).isNotSameAs(thrown);
        assertThat(original.getMessage()).isEqualTo(thrown.getMessage());
        assertThat(original.getStackTrace()).isEqualTo(thrown.getStackTrace());
    }

    @Test
    void ownFieldsSurvive() {
        assertThat(((Fine) original(roundTrip(new Fine("x", 7)))).code).isEqualTo(7);
    }

    @Test
    void causeAndSuppressedSurvive() {
        Throwable thrown = new IllegalStateException("outer", new IOException("inner"));
        thrown.addSuppressed(new Fine("aside", 1));

        Throwable original = original(roundTrip(thrown));
        assertThat(original).hasCauseInstanceOf(IOException.class).hasRootCauseMessage("inner");
        assertThat(original.getSuppressed()).singleElement().isInstanceOf(Fine.class);
        assertThat(original.getCause().getStackTrace())
                .isEqualTo(thrown.getCause().getStackTrace());
    }

    @Test
    void causesThatGoRoundInACircle() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);

        ThrowableCodec.Decoded decoded = roundTrip(one);
        assertThat(original(decoded).getCause().getCause()).isSameAs(decoded.original());
        assertThat(decoded.stackTrace()).contains("CIRCULAR REFERENCE");
    }

    @Test
    void fieldThatIsNotSerialisable() {
        ThrowableCodec.Decoded decoded = roundTrip(new Holding(new Thread()));

        assertThat(decoded.original()).isNull();
        assertThat(decoded.className()).isEqualTo(Holding.class.getName());
        assertThat(decoded.message()).isEqualTo("holding");
        assertThat(decoded.stackTrace()).contains("fieldThatIsNotSerialisable");
    }

    @Test
    void causeThatIsNotSerialisable() {
        ThrowableCodec.Decoded decoded = roundTrip(new IllegalStateException("outer", new Holding(new Thread())));

        assertThat(decoded.original()).isNull();
        assertThat(decoded.stackTrace()).contains("outer", "Caused by:", "holding");
    }

    @Test
    void hugePayload() {
        ThrowableCodec.Decoded decoded = roundTrip(new Holding(new byte[ThrowableCodec.MAX_OBJECT]));

        assertThat(decoded.original()).isNull();
        assertThat(original(roundTrip(new Holding(new byte[ThrowableCodec.MAX_OBJECT / 2]))))
                .isNotNull();
    }

    @Test
    void longMessageAndTraceAreCut() {
        ThrowableCodec.Decoded decoded = roundTrip(new Exception("é".repeat(20_000_000)));

        assertThat(decoded.original()).isNull();
        assertThat(decoded.message()).hasSize(ThrowableCodec.MAX_MESSAGE);
        assertThat(decoded.stackTrace()).hasSize(ThrowableCodec.MAX_TRACE);
    }

    @Test
    void exceptionWhoseMethodsThrow() {
        ThrowableCodec.Decoded decoded = roundTrip(new Nasty());

        assertThat(decoded.className()).isEqualTo(Nasty.class.getName());
        assertThat(decoded.message()).isEqualTo("(its getMessage() has thrown java.lang.AssertionError)");
        assertThat(decoded.stackTrace())
                .isEqualTo("begun (its printStackTrace() has thrown java.lang.StackOverflowError)");
        assertThat(decoded.original()).isNull();
    }

    @Test
    void readObjectThatThrows() {
        for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError(), new LinkageError())) {
            ThrowableCodec.Decoded decoded = roundTrip(new Unreadable(error));

            assertThat(decoded.original()).isNull();
            assertThat(decoded.message()).isEqualTo("unreadable");
        }
    }

    @Test
    void filterThatRejectsIt() {
        ObjectInputFilter none = ObjectInputFilter.Config.createFilter("!*");
        Payload out = new Payload();
        ThrowableCodec.encode(new IOException("x"), out, Codec.javaSerialization());

        ThrowableCodec.Decoded decoded = ThrowableCodec.decode(RoundTrip.reader(out), Codec.javaSerialization(), none);
        assertThat(decoded.original()).isNull();
        assertThat(decoded.className()).isEqualTo("java.io.IOException");
    }

    @Test
    void whatWasWrittenBeforeStays() {
        Payload out = new Payload();
        out.writeInt(42);
        ThrowableCodec.encode(new Holding(new Thread()), out, Codec.javaSerialization());
        out.writeInt(43);
        PayloadReader in = RoundTrip.reader(out);

        assertThat(in.remaining()).isGreaterThan(8);
        assertThat(readInt(in)).isEqualTo(42);
        assertThat(ThrowableCodec.decode(in, Codec.javaSerialization(), null).original())
                .isNull();
        assertThat(readInt(in)).isEqualTo(43);
    }

    @Test
    void bytesThatAreNoException() {
        ThrowableCodec.Decoded decoded =
                ThrowableCodec.decode(new PayloadReader(new byte[] {9, 9}, 0, 2), Codec.javaSerialization(), null);

        assertThat(decoded.original()).isNull();
        assertThat(decoded.className()).isEqualTo("unknown");
        assertThat(decoded.message()).contains("a string can't begin with byte 9");
    }

    private static ThrowableCodec.Decoded roundTrip(Throwable thrown) {
        Payload out = new Payload();
        ThrowableCodec.encode(thrown, out, Codec.javaSerialization());
        return ThrowableCodec.decode(RoundTrip.reader(out), Codec.javaSerialization(), Filters.defaultFilter());
    }

    private static Throwable original(ThrowableCodec.Decoded decoded) {
        assertThat(decoded.original()).isNotNull();
        return decoded.original();
    }

    private static int readInt(PayloadReader in) {
        try {
            return in.readInt();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Fine extends Exception {
        final int code;

        Fine(String message, int code) {
            super(message);
            this.code = code;
        }
    }

    private static final class Holding extends RuntimeException {
        @SuppressWarnings({"UnusedVariable", "serial"}) // it is there to be serialised
        private final Object held;

        Holding(Object held) {
            super("holding");
            this.held = held;
        }
    }

    private static final class Nasty extends RuntimeException {
        private final @Nullable Thread bad = new Thread();

        @Override
        public String getMessage() {
            throw new AssertionError(bad);
        }

        @Override
        public void printStackTrace(PrintWriter writer) {
            writer.print("begun ");
            throw new StackOverflowError();
        }
    }

    private static final class Unreadable extends RuntimeException {
        private final Error error;

        Unreadable(Error error) {
            super("unreadable");
            this.error = error;
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            throw error;
        }
    }
}
