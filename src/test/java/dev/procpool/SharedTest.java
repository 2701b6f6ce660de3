package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.internal.codec.DecodeException;
import dev.procpool.internal.codec.Definitions;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.RoundTrip;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedTest {
    private final TaskEncoder encoder = new TaskEncoder(Codec.javaSerialization());
    private final RoundTrip roundTrip = new RoundTrip();

    @Test
    void originalHereAndOneCopyThere() throws Exception {
        List<String> value = new ArrayList<>(List.of("a"));
        try (Shared<List<String>> shared = Shared.of(value, encoder)) {
            SerializableCallable<List<String>> task = () -> shared.get();
            List<String> copy = roundTrip.task(task).call();

            assertThat(shared.get()).isSameAs(value);
            assertThat(copy).isEqualTo(value).isNotSameAs(value);
            assertThat(roundTrip.task(task).call()).isSameAs(copy);
        }
    }

    @Test
    void taskNamesTheDefinitionOnly() throws Exception {
        try (Shared<String[]> shared = Shared.of(new String[] {"x".repeat(10_000)}, encoder)) {
            String text = "beside";
            SerializableCallable<String> task = () -> shared.get()[0] + text;
            Payload out = new Payload();
            encoder.encodeTask(task, out);

            assertThat(out.length()).isLessThan(50);
            assertThat(out.definitions()).hasSize(2);
            assertThat(roundTrip.task(task).call()).hasSize(10_006);
        }
    }

    @Test
    void insideOfAGraph() throws Exception {
        List<Integer> value = new ArrayList<>(List.of(1));
        try (Shared<List<Integer>> shared = Shared.of(value, encoder)) {
            List<Object> graph = new ArrayList<>(List.of(shared, List.of(shared)));
            List<Object> copy = roundTrip.value(graph);

            assertThat(copy.get(0)).isNotSameAs(shared).isSameAs(((List<?>) copy.get(1)).get(0));
            assertThat(((Shared<?>) copy.get(0)).get()).isEqualTo(value).isNotSameAs(value);
        }
    }

    @Test
    void severalInOneTask() throws Exception {
        try (Shared<String> one = Shared.of("one", encoder);
                Shared<byte[]> two = Shared.of(new byte[] {2}, encoder)) {
            List<Integer> list = new ArrayList<>(List.of(3));
            SerializableCallable<String> task = () -> one.get() + two.get()[0] + list;

            assertThat(roundTrip.task(task).call()).isEqualTo("one2[3]");
        }
    }

    @Test
    void valueIsWhatItWasWhenItWasShared() throws Exception {
        byte[] bytes = new byte[100_000];
        try (Shared<byte[]> shared = Shared.of(bytes, encoder)) {
            bytes[0] = 1;
            SerializableCallable<Byte> task = () -> shared.get()[0];

            assertThat(roundTrip.task(task).call()).isZero();
            assertThat(task.call()).isEqualTo((byte) 1);
        }
    }

    @Test
    void isRebuiltOnlyWhenAskedForAndOnce() throws Exception {
        int before = Counted.READS.get();
        try (Shared<Counted> shared = Shared.of(new Counted(), encoder)) {
            SerializableCallable<Boolean> idle = () -> shared != null;
            SerializableCallable<Counted> asking = shared::get;

            assertThat(roundTrip.task(idle).call()).isTrue();
            assertThat(Counted.READS.get()).isEqualTo(before);
            roundTrip.task(asking).call();
            roundTrip.task(asking).call();
            assertThat(Counted.READS.get()).isEqualTo(before + 1);
        }
    }

    @Test
    void sharedWithinShared() throws Exception {
        try (Shared<List<String>> inner = Shared.of(new ArrayList<>(List.of("in")), encoder);
                Shared<List<Shared<List<String>>>> outer = Shared.of(new ArrayList<>(List.of(inner)), encoder)) {
            SerializableCallable<List<String>> task = () -> outer.get().get(0).get();
            Payload out = new Payload();
            encoder.encodeTask(task, out);

            assertThat(out.definitions())
                    .as("the shape, the outer and the inner")
                    .hasSize(3);
            assertThat(roundTrip.task(task).call()).containsExactly("in");
        }
    }

    @Test
    void sendOn() throws Exception {
        try (Shared<List<String>> shared = Shared.of(new ArrayList<>(List.of("x")), encoder)) {
            Shared<List<String>> received = roundTrip.value(shared);
            RoundTrip next = new RoundTrip();
            Shared<List<String>> twice = next.value(received);

            assertThat(twice).isNotSameAs(received);
            assertThat(twice.get()).isEqualTo(shared.get()).isNotSameAs(received.get());
        }
    }

    @Test
    void comesBackAsItself() throws Exception {
        try (Shared<List<String>> shared = Shared.of(new ArrayList<>(List.of("x")), encoder)) {
            PayloadReader result = new RoundTrip().sendValue(shared);
            PayloadReader graph = new RoundTrip().sendValue(new ArrayList<>(List.of(shared)));

            assertThat(new RoundTrip().decoder.decodeValue(result)).isSameAs(shared);
            assertThat((List<?>) new RoundTrip().decoder.decodeValue(graph))
                    .singleElement()
                    .isSameAs(shared);
        }
    }

    @Test
    void closed() throws Exception {
        Shared<List<String>> shared = Shared.of(new ArrayList<>(), encoder);
        SerializableCallable<Object> captured = () -> shared.get();
        List<Object> graph = new ArrayList<>(List.of(shared));
        SerializableCallable<Object> deep = () -> graph;
        Payload before = new Payload();
        encoder.encodeValue(shared, before);
        int generation = Definitions.generation();
        shared.close();
        shared.close();

        assertThatThrownBy(shared::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the shared value was closed");
        for (SerializableCallable<Object> task : List.of(captured, deep)) {
            assertThatThrownBy(() -> encoder.encodeTask(task, new Payload()))
                    .isInstanceOf(EncodeException.class)
                    .hasMessageStartingWith("the shared value was closed");
        }
        assertThat(Definitions.body(before.definitions()[0])).isNull();
        assertThat(Definitions.generation()).isNotEqualTo(generation);
        assertThatThrownBy(() -> roundTrip.decoder.decodeValue(RoundTrip.reader(before)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closeElsewhereDoesNothing() throws Exception {
        try (Shared<List<String>> shared = Shared.of(new ArrayList<>(), encoder)) {
            Shared<List<String>> received = roundTrip.value(shared);
            received.close();

            assertThat(received.get()).isEmpty();
        }
    }

    @Test
    void forgottenByTheReceiver() throws Exception {
        try (Shared<List<String>> shared = Shared.of(new ArrayList<>(), encoder)) {
            Payload out = new Payload();
            encoder.encodeValue(shared, out);
            Shared<List<String>> received = roundTrip.value(shared);
            roundTrip.decoder.forget(out.definitions()[0]);

            assertThat(received.get()).as("for the task that still has it").isEmpty();
            assertThat(roundTrip.value(shared))
                    .as("known by its id, as in its own process")
                    .isSameAs(shared);
        }
    }

    @Test
    void whatCannotBeShared() {
        assertThatThrownBy(() -> Shared.of(List.of(new Thread()), encoder))
                .isInstanceOf(TaskSerializationException.class)
                .hasMessage(
                        "not serialisable: java.lang.Thread, " + "reached as element 0 of ImmutableCollections.List12");
        assertThatThrownBy(() -> Shared.of(null, encoder)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void valueThatCannotBeRebuilt() throws Exception {
        try (Shared<Unreadable> shared = Shared.of(new Unreadable(), encoder)) {
            Shared<Unreadable> received = roundTrip.value(shared);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(received::get)
                        .isInstanceOf(TaskSerializationException.class)
                        .hasMessageContaining("bad");
            }
        }
    }

    private static final class Counted implements Serializable {
        static final AtomicInteger READS = new AtomicInteger();

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            READS.incrementAndGet();
        }
    }

    private static final class Unreadable implements Serializable {
        private void readObject(ObjectInputStream in) {
            throw new IllegalStateException("bad " + in.getClass().getName());
        }
    }
}
