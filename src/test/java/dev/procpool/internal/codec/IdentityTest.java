package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.SerializableCallable;
import dev.procpool.internal.wire.Payload;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is one object before is one object after: within a task as Java serialization has it, whatever way it went. */
class IdentityTest {
    private final RoundTrip roundTrip = new RoundTrip();

    @Test
    void sameArrayCapturedTwice() throws Exception {
        byte[] first = {1, 2, 3};
        byte[] second = first;
        SerializableCallable<Boolean> task = () -> first == second;

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void equalArraysStayTwo() throws Exception {
        byte[] first = {1};
        byte[] second = {1};
        SerializableCallable<Boolean> task = () -> first != second && first[0] == second[0];

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void arrayCapturedAndHeldByACapturedList() throws Exception {
        int[] numbers = {1};
        List<int[]> list = new ArrayList<>(List.of(numbers));
        String apart = "apart";
        SerializableCallable<Boolean> task = () -> list.get(0) == numbers && apart.length() == 5;

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void objectCapturedAndHeldByACapturedLambda() throws Exception {
        List<String> list = new ArrayList<>();
        SerializableCallable<List<String>> inner = () -> list;
        SerializableCallable<Boolean> task = () -> inner.call() == list;

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void objectHeldByTwoCapturedLambdas() throws Exception {
        List<String> list = new ArrayList<>();
        SerializableCallable<List<String>> left = () -> list;
        SerializableCallable<List<String>> right = () -> list;
        SerializableCallable<Boolean> task = () -> left.call() == right.call();

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void cycleBetweenCapturedObjects() throws Exception {
        Node one = new Node();
        Node two = new Node();
        one.next = two;
        two.next = one;
        SerializableCallable<Boolean> task = () -> one.next == two && two.next == one;

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void objectThatHoldsTheTaskThatCapturesIt() throws Exception {
        Node node = new Node();
        SerializableCallable<Node> task = () -> node;
        node.task = task;

        Node copy = roundTrip.task(task).call();
        assertThat(copy.task).isNotNull();
        assertThat(copy.task.call()).isSameAs(copy);
    }

    @Test
    void cycleThroughAValue() throws Exception {
        Node node = new Node();
        node.next = node;

        Node copy = roundTrip.value(node);
        assertThat(copy.next).isSameAs(copy);
    }

    @Test
    void enumConstantsAndNull() throws Exception {
        Thread.State one = Thread.State.NEW;
        Thread.State two = Thread.State.NEW;
        Object nothing = null;
        SerializableCallable<Boolean> task = () -> one == two && one == Thread.State.NEW && nothing == null;

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void plainValuesBesideOneObjectDoNotGoThroughTheCodec() throws Exception {
        byte[] data = {1, 2};
        long number = 3;
        String text = "four";
        SerializableCallable<Object> task = () -> data[0] + number + text;
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);

        assertThat(out.length()).isLessThan(30);
        assertThat(roundTrip.task(task).call()).isEqualTo("4four");
    }

    private static final class Node implements Serializable {
        Node next = this;
        SerializableCallable<Node> task = () -> this;
    }
}
