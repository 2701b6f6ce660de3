package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.Codec;
import dev.procpool.SerializableCallable;
import dev.procpool.SerializableFunction;
import dev.procpool.internal.wire.Payload;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can't be encoded is named, with the way to it; the payload is as it was. */
class EncodeFailureTest {
    private static final String HERE = EncodeFailureTest.class.getName();

    private final TaskEncoder encoder = new TaskEncoder(Codec.javaSerialization());
    /** Makes this class something that a lambda must not capture. */
    private final Object notSerializable = new Object();

    @Test
    void lambdaCapturesThis() {
        SerializableCallable<Object> task = () -> notSerializable;

        assertThat(failure(task)).isEqualTo("not serialisable: " + HERE + ", reached as captures `this` of " + HERE);
    }

    @Test
    void lambdaCapturesThisWithABadField() {
        assertThat(failure(new Service(new Thread()).task()))
                .isEqualTo("not serialisable: java.lang.Thread, reached as captures `this` of " + HERE
                        + "$Service → field EncodeFailureTest.Service.worker");
    }

    @Test
    void oneOfTwoCapturedValues() {
        String text = "fine";
        Thread thread = new Thread();
        SerializableCallable<Object> task = () -> text + thread;

        assertThat(failure(task))
                .isEqualTo(
                        "not serialisable: java.lang.Thread, reached as captured value 2 of 2 of a lambda in " + HERE);
    }

    @Test
    void boundMethodReference() {
        Thread thread = new Thread();
        SerializableCallable<String> task = thread::getName;

        assertThat(failure(task))
                .isEqualTo("not serialisable: java.lang.Thread, "
                        + "reached as captures the object of the method reference java.lang.Thread::getName");
    }

    @Test
    void lambdaWithinALambda() {
        Object bad = new Object();
        SerializableCallable<Object> inner = () -> bad;
        SerializableCallable<Object> task = () -> inner.call();

        assertThat(failure(task))
                .isEqualTo("not serialisable: java.lang.Object, reached as captured value 1 of 1 of a lambda in " + HERE
                        + " → captured value 1 of 1 of a lambda in " + HERE);
    }

    @Test
    void deepInListsMapsAndArrays() {
        Object[] array = {"x", new Object()};
        List<Object> list = new ArrayList<>(List.of("a", Map.of("key", array)));

        assertThat(failure(() -> encoder.encodeValue(new Holder(list), new Payload())))
                .isEqualTo("not serialisable: java.lang.Object, reached as field EncodeFailureTest.Holder.content"
                        + " → element 1 of ArrayList → value of key key of ImmutableCollections.Map1"
                        + " → element 1 of an array");
    }

    @Test
    void fieldOfASuperclassAndOfARecord() {
        assertThat(failure(() -> encoder.encodeValue(new SubHolder(new Object()), new Payload())))
                .endsWith("reached as field EncodeFailureTest.Holder.content");
        assertThat(failure(() -> encoder.encodeValue(new Pair("x", new Object()), new Payload())))
                .endsWith("reached as field EncodeFailureTest.Pair.right");
    }

    @Test
    void hiddenBehindAFieldOfTheJdk() {
        assertThat(failure(() -> encoder.encodeValue(new AtomicReference<>(new Object()), new Payload())))
                .isEqualTo("not serialisable: java.lang.Object, somewhere in the value, "
                        + "a java.util.concurrent.atomic.AtomicReference");
    }

    @Test
    void taskItself() {
        Callable<String> lambda = () -> "x";
        Callable<String> object = new Callable<>() {
            @Override
            public String call() {
                return "x";
            }
        };

        assertThat(failure(() -> encoder.encodeTask(lambda, new Payload())))
                .contains(
                        HERE,
                        "the task itself",
                        "a lambda is serialisable if its type is, such as SerializableCallable");
        assertThat(failure(() -> encoder.encodeTask(object, new Payload())))
                .contains(HERE + "$1", "the task itself: it does not implement java.io.Serializable");
    }

    @Test
    void graphTooDeepForTheStack() {
        Holder chain = new Holder("end");
        for (int i = 0; i < 100_000; i++) {
            chain = new Holder(chain);
        }
        Holder deep = chain;

        assertThat(failure(() -> encoder.encodeValue(deep, new Payload()))).contains("nested too deeply for the stack");
    }

    @Test
    void unserialisableBelowADeepGraphDoesNotHideTheCause() {
        Holder chain = new Holder(new Object());
        for (int i = 0; i < 500; i++) {
            chain = new Holder(chain);
        }
        Holder deep = chain;

        assertThat(failure(() -> encoder.encodeValue(deep, new Payload())))
                .startsWith("not serialisable: java.lang.Object");
    }

    static List<Throwable> thrownByWriteObject() {
        return List.of(
                new IllegalStateException("no"),
                new OutOfMemoryError("no"),
                new LinkageError("no"),
                new AssertionError("no"));
    }

    @ParameterizedTest
    @MethodSource("thrownByWriteObject")
    void writeObjectThrows(Throwable thrown) {
        Thrower thrower = new Thrower(thrown);
        SerializableCallable<Object> task = () -> thrower;

        EncodeException failure =
                catchThrowableOfType(EncodeException.class, () -> encoder.encodeTask(task, new Payload()));
        assertThat(failure).hasCause(thrown).hasMessageContaining("could not be serialised: " + thrown);
    }

    @Test
    void payloadIsAsItWas() throws Exception {
        Payload out = new Payload();
        encoder.encodeValue(new byte[Payload.BY_REFERENCE], out);
        encoder.encodeValue("before", out);
        byte[] before = RoundTrip.bytes(out);
        byte[] large = new byte[Payload.BY_REFERENCE];
        Object bad = new Object();
        SerializableFunction<Object, Object> inner = x -> bad;
        SerializableCallable<Object> task = () -> List.of(large, inner);
        SerializableCallable<Object> simple = () -> inner;

        assertThatThrownBy(() -> encoder.encodeTask(task, out)).isInstanceOf(EncodeException.class);
        assertThatThrownBy(() -> encoder.encodeFunction(simple, out)).isInstanceOf(EncodeException.class);
        assertThatThrownBy(() -> encoder.encodeValue(List.of(bad), out)).isInstanceOf(EncodeException.class);
        assertThat(RoundTrip.bytes(out)).isEqualTo(before);
    }

    private String failure(SerializableCallable<?> task) {
        return failure(() -> encoder.encodeTask(task, new Payload()));
    }

    private static String failure(Encoding encoding) {
        EncodeException failure = catchThrowableOfType(EncodeException.class, encoding::run);
        assertThat(failure).isNotNull();
        return failure.getMessage();
    }

    @FunctionalInterface
    private interface Encoding {
        void run() throws EncodeException;
    }

    private static final class Service implements Serializable {
        private final Thread worker;

        Service(Thread worker) {
            this.worker = worker;
        }

        SerializableCallable<String> task() {
            return () -> worker.getName();
        }
    }

    private static class Holder implements Serializable {
        @SuppressWarnings("UnusedVariable") // it is there to be serialised
        private final Object content;

        Holder(Object content) {
            this.content = content;
        }
    }

    private static final class SubHolder extends Holder {
        SubHolder(Object content) {
            super(content);
        }
    }

    private record Pair(Object left, Object right) implements Serializable {}

    private static final class Thrower implements Serializable {
        private final transient Throwable thrown;

        Thrower(Throwable thrown) {
            this.thrown = thrown;
        }

        private void writeObject(ObjectOutputStream out) {
            Thrower.<RuntimeException>sneak(thrown);
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneak(Throwable thrown) throws T {
            throw (T) thrown;
        }
    }
}
