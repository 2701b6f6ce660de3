package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.SerializableCallable;
import dev.procpool.SerializableFunction;
import dev.procpool.SerializableRunnable;
import dev.procpool.internal.wire.Payload;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class LambdaTest {
    private final RoundTrip roundTrip = new RoundTrip();

    @Test
    void lambdaThatCapturesNothing() throws Exception {
        SerializableCallable<Integer> task = () -> 42;

        assertThat(roundTrip.task(task).call()).isEqualTo(42);
        assertThat(encoded(task)).hasSizeLessThanOrEqualTo(6);
        assertThat(roundTrip.task(task)).isSameAs(roundTrip.task(task));
    }

    @Test
    void lambdaThatCapturesEachKindOfPrimitive() throws Exception {
        boolean z = true;
        byte b = -1;
        short s = 2;
        char c = 'c';
        int i = Integer.MIN_VALUE;
        long j = Long.MAX_VALUE;
        float f = 1.5f;
        double d = -0d;
        String text = "text";
        SerializableCallable<String> task = () -> "" + z + b + s + c + i + j + f + d + text;

        assertThat(roundTrip.task(task).call()).isEqualTo(task.call());
        assertThat(encoded(task)).hasSizeLessThan(60);
    }

    @Test
    void eachEvaluationHasItsOwnValues() throws Exception {
        List<SerializableCallable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int own = i;
            tasks.add(() -> own);
        }

        for (int i = 0; i < 5; i++) {
            assertThat(roundTrip.task(tasks.get(i)).call()).isEqualTo(i);
        }
    }

    @Test
    void lambdaThatCapturesNull() throws Exception {
        String nothing = null;
        SerializableCallable<Boolean> task = () -> nothing == null;

        assertThat(roundTrip.task(task).call()).isTrue();
    }

    @Test
    void lambdaThatCapturesOneObject() throws Exception {
        List<String> list = new ArrayList<>(List.of("a", "b"));
        SerializableCallable<List<String>> task = () -> list;

        assertThat(roundTrip.task(task).call()).isEqualTo(list).isNotSameAs(list);
    }

    @Test
    void lambdaThatCapturesALargeArrayKeepsItByReference() throws Exception {
        byte[] data = new byte[Payload.BY_REFERENCE];
        data[5] = 7;
        SerializableCallable<byte[]> task = () -> data;
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);

        assertThat(out.isContiguous()).isFalse();
        assertThat(roundTrip.task(task).call()).isEqualTo(data);
    }

    @Test
    void lambdaThatCapturesThis() throws Exception {
        Counter counter = new Counter(41);

        assertThat(roundTrip.task(counter.increment()).call()).isEqualTo(42);
        assertThat(counter.value).isEqualTo(41);
    }

    @Test
    void methodReferences() throws Exception {
        SerializableFunction<String, Integer> toStatic = Integer::parseInt;
        SerializableFunction<String, Integer> unbound = String::length;
        SerializableCallable<Integer> bound = "four"::length;
        SerializableFunction<String, StringBuilder> constructor = StringBuilder::new;
        SerializableFunction<Integer, int[]> array = int[]::new;

        assertThat(roundTrip.task(toStatic).apply("12")).isEqualTo(12);
        assertThat(roundTrip.task(unbound).apply("abc")).isEqualTo(3);
        assertThat(roundTrip.task(bound).call()).isEqualTo(4);
        assertThat(roundTrip.task(constructor).apply("x").toString()).isEqualTo("x");
        assertThat(roundTrip.task(array).apply(3)).hasSize(3);
    }

    @Test
    void lambdaThatCapturesLambdas() throws Exception {
        int one = 1;
        SerializableCallable<Integer> inner = () -> one;
        SerializableCallable<Integer> middle = () -> inner.call() + 1;
        SerializableCallable<Integer> outer = () -> middle.call() + inner.call();

        assertThat(roundTrip.task(middle).call()).isEqualTo(2);
        assertThat(roundTrip.task(outer).call()).isEqualTo(3);
    }

    @Test
    void constantLambdasAsCapturedValuesAreNamedByShape() throws Exception {
        SerializableFunction<Integer, Integer> twice = x -> 2 * x;
        SerializableFunction<Integer, Integer> next = x -> x + 1;
        SerializableCallable<Integer> task = () -> twice.apply(next.apply(1));

        assertThat(roundTrip.task(task).call()).isEqualTo(4);
        assertThat(encoded(task)).hasSizeLessThan(20);
    }

    @Test
    void intersectionTypeAndForeignInterface() throws Exception {
        int seven = 7;
        IntSupplier supplier = (IntSupplier & Serializable) () -> seven;
        Comparator<String> byLength = (Comparator<String> & Serializable) (a, b) -> a.length() - b.length();

        assertThat(roundTrip.task(supplier).getAsInt()).isEqualTo(7);
        assertThat(roundTrip.task(byLength).compare("aa", "b")).isPositive();
    }

    @Test
    void lambdaOfTheJdkWhichMayNotBeLookedInto() throws Exception {
        Comparator<Map.Entry<String, Integer>> byKey = Map.Entry.comparingByKey();

        assertThat(LambdaShape.of(byKey)).isNull();
        assertThat(roundTrip.task(byKey).compare(Map.entry("a", 1), Map.entry("b", 1)))
                .isNegative();
    }

    @Test
    void tasksThatAreNoLambdas() throws Exception {
        assertThat(roundTrip.task(new RecordTask("r", List.of(1))).call()).isEqualTo("r[1]");
        assertThat(roundTrip.task(EnumTask.ONE)).isSameAs(EnumTask.ONE);
        assertThat(roundTrip.task(EnumTask.TWO).call()).isEqualTo(2);
        assertThat(roundTrip.task(new NestedTask(3)).call()).isEqualTo(3);
        assertThat(roundTrip.task(new Counter(4).new Inner()).call()).isEqualTo(4);
        assertThat(roundTrip.task(new Counter(5).anonymous()).call()).isEqualTo(5);
    }

    @Test
    void lambdaThatCapturesObjectsOfEachKindOfClass() throws Exception {
        RecordTask captured = new RecordTask("r", List.of(2));
        EnumTask constant = EnumTask.TWO;
        Counter.Inner inner = new Counter(6).new Inner();
        Class<?> type = int.class;
        SerializableCallable<List<Object>> task = () -> List.of(captured, constant, inner.call(), type);

        assertThat(roundTrip.task(task).call()).containsExactly(captured, EnumTask.TWO, 6, int.class);
    }

    @Test
    void lambdaInAGenericMethodAnInterfaceAndAnEnum() throws Exception {
        assertThat(roundTrip.task(constant("g")).call()).isEqualTo("g");
        assertThat(roundTrip.task(Greeter.polite("you")).call()).isEqualTo("hello you");
        assertThat(roundTrip.task(new PoliteGreeter().greetLater()).call()).isEqualTo("polite");
        assertThat(roundTrip.task(EnumTask.TWO.later()).call()).isEqualTo(2);
    }

    @Test
    void runnable() throws Exception {
        AtomicInteger runs = RUNS;
        SerializableRunnable task = RUNS::incrementAndGet;
        int before = runs.get();
        roundTrip.task(task).run();

        assertThat(runs.get()).as("the bound counter is a copy").isEqualTo(before);
    }

    private static <T> SerializableCallable<T> constant(T value) {
        return () -> value;
    }

    private byte[] encoded(Object task) throws EncodeException {
        Payload out = new Payload();
        roundTrip.encoder.encodeTask(task, out);
        return RoundTrip.bytes(out);
    }

    private static final AtomicInteger RUNS = new AtomicInteger();

    private static final class Counter implements Serializable {
        private int value;

        Counter(int value) {
            this.value = value;
        }

        SerializableCallable<Integer> increment() {
            return () -> ++value;
        }

        SerializableCallable<Integer> anonymous() {
            return new SerializableCallable<>() {
                @Override
                public Integer call() {
                    return value;
                }
            };
        }

        private final class Inner implements SerializableCallable<Integer> {
            @Override
            public Integer call() {
                return value;
            }
        }
    }

    private record RecordTask(String name, List<Integer> numbers) implements SerializableCallable<String> {
        @Override
        public String call() {
            return name + numbers;
        }
    }

    private record NestedTask(int number) implements SerializableCallable<Integer> {
        @Override
        public Integer call() {
            return number;
        }
    }

    private enum EnumTask implements SerializableCallable<Integer> {
        ONE {
            @Override
            public Integer call() {
                return 1;
            }
        },
        TWO {
            @Override
            public Integer call() {
                return 2;
            }
        };

        SerializableCallable<Integer> later() {
            return this::call;
        }
    }

    private interface Greeter extends Serializable {
        String greet();

        default SerializableCallable<String> greetLater() {
            return () -> greet();
        }

        static SerializableCallable<String> polite(String name) {
            return () -> "hello " + name;
        }
    }

    private static final class PoliteGreeter implements Greeter {
        @Override
        public String greet() {
            return "polite";
        }
    }
}
