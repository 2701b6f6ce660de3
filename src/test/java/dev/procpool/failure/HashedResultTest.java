package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LeakCheck;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.SerializableCallable;
import dev.procpool.TaskSerializationException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results of few bytes whose hash codes take for ever, and honest ones that look like them. */
@ExtendWith(LeakCheck.class)
class HashedResultTest {
    private static ProcessPoolExecutor pool;

    @BeforeAll
    static void start() {
        pool = Faults.pool(1);
        Faults.value(pool.submit(() -> new HashSet<>(List.of(1)))); // what is loaded once is not to be measured
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    private static void expectRejected(SerializableCallable<?> task) {
        PoolFuture<?> future = pool.submit(task);
        long start = System.nanoTime();
        TaskSerializationException failure = Faults.failure(future, TaskSerializationException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Faults.bound(Duration.ofSeconds(1)));
        assertThat(failure.stage()).isEqualTo(TaskSerializationException.Stage.RESULT_DECODE);
        assertThat(failure).hasMessageContaining("to hash them takes more than").hasMessageContaining("resultFilter");
    }

    /** Two sets on each level, both in both of the level above. */
    private static Set<Object> sets(int depth) {
        Set<Object> root = new HashSet<>();
        Set<Object> left = root;
        Set<Object> right = new HashSet<>();
        for (int i = 0; i < depth; i++) {
            Set<Object> nextLeft = new HashSet<>(Set.of("left"));
            Set<Object> nextRight = new HashSet<>();
            for (Set<Object> above : List.of(left, right)) {
                above.add(nextLeft);
                above.add(nextRight);
            }
            left = nextLeft;
            right = nextRight;
        }
        return root;
    }

    private static Map<Object, Object> maps(Map<Object, Object> root, Map<Object, Object> other, int depth) {
        Map<Object, Object> left = root;
        Map<Object, Object> right = other;
        for (int i = 0; i < depth; i++) {
            Map<Object, Object> nextLeft = new HashMap<>(Map.of("left", i));
            Map<Object, Object> nextRight = new HashMap<>();
            left.put(nextLeft, 1);
            left.put(nextRight, 2);
            right.put(nextLeft, 3);
            right.put(nextRight, 4);
            left = nextLeft;
            right = nextRight;
        }
        return root;
    }

    private static List<Object> lists(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            list = new ArrayList<>(List.of(list, list));
        }
        return list;
    }

    @Test
    void setsNestedThirtyDeep() {
        expectRejected(() -> sets(30));
        assertThat(Faults.value(pool.submit(() -> 42))).isEqualTo(42);
    }

    @Test
    void setsNestedAHundredDeep() {
        expectRejected(() -> sets(100));
    }

    @Test
    void mapsAsKeysNestedThirtyDeep() {
        expectRejected(() -> maps(new HashMap<>(), new HashMap<>(), 30));
    }

    @Test
    void mapsAsKeysOfAConcurrentMap() {
        expectRejected(() -> maps(new ConcurrentHashMap<>(), new HashMap<>(), 30));
    }

    @Test
    void aHundredObjectsEachWithNestedSets() {
        expectRejected(() -> {
            List<Object> hundred = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                hundred.add(sets(30));
            }
            return hundred;
        });
    }

    @Test
    void aHundredSetsThatAreEachJustCheapEnough() {
        expectRejected(() -> {
            List<Object> hundred = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                hundred.add(sets(18));
            }
            return hundred;
        });
    }

    /** Nothing is hashed before the one key is put into its set: no limit on sets alone would see it coming. */
    @Test
    void aSetOfAListThatTakesForEverToHash() {
        expectRejected(() -> {
            Set<Object> set = new HashSet<>(Set.of("first"));
            List<Object> key = new ArrayList<>();
            set.add(key);
            key.addAll(lists(60));
            return set;
        });
    }

    @Test
    void inAnException() {
        PoolFuture<Void> future = pool.submit(() -> {
            throw new Hostile(sets(30));
        });
        assertThat(Faults.failure(future, Exception.class)).hasMessageContaining("Hostile");
    }

    private static final class Hostile extends Exception {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("UnusedVariable")
        private final HashSet<Object> evidence;

        Hostile(Set<Object> evidence) {
            this.evidence = (HashSet<Object>) evidence;
        }
    }

    // ---- what passes

    private static Object nested(int depth) {
        Object inner = new HashSet<>(Set.of("a", "b", "c"));
        for (int i = 0; i < depth; i++) {
            Map<String, Object> outer = new HashMap<>();
            outer.put("first", inner);
            outer.put("second", i);
            inner = outer;
        }
        return inner;
    }

    @Test
    void mapsOfMapsOfSetsPass() {
        assertThat(Faults.value(pool.submit(() -> nested(10)))).isEqualTo(nested(10));
        assertThat(Faults.value(pool.submit(() -> nested(100)))).isEqualTo(nested(100));
    }

    @Test
    void setsOfSetsTenDeepPass() {
        assertThat(Faults.value(pool.submit(() -> sets(10)))).hasSize(2).allMatch(set -> ((Set<?>) set).size() >= 2);
    }

    @Test
    void aLongListSharedByManyKeysPasses() {
        Map<Integer, List<Integer>> map = Faults.value(pool.submit(() -> {
            List<Integer> all = IntStream.range(0, 10_000).boxed().toList();
            Map<Integer, List<Integer>> shared = new HashMap<>();
            all.forEach(key -> shared.put(key, all));
            return shared;
        }));
        assertThat(map).hasSize(10_000);
        assertThat(map.get(7)).isSameAs(map.get(8)).hasSize(10_000);
    }

    @Test
    void aLargeSetOfListsPasses() {
        Set<List<Integer>> set = Faults.value(pool.submit(() -> {
            Set<List<Integer>> lists = new HashSet<>();
            for (int i = 0; i < 30_000; i++) {
                lists.add(List.of(i, i + 1, i + 2));
            }
            return lists;
        }));
        assertThat(set).hasSize(30_000).contains(List.of(5, 6, 7));
    }

    private static final class Node implements Serializable {
        final Node next;

        Node(Node next) {
            this.next = next;
        }
    }

    @Test
    @SuppressWarnings("JdkObsolete") // a linked list is what this test is about
    void longLinkedListsPass() {
        LinkedList<Integer> list = Faults.value(pool.submit(
                () -> new LinkedList<>(IntStream.range(0, 10_000).boxed().toList())));
        assertThat(list).hasSize(10_000);
        Node first = Faults.value(pool.submit(() -> {
            Node node = new Node(null);
            for (int i = 1; i < 300; i++) {
                node = new Node(node);
            }
            return node;
        }));
        int length = 0;
        for (Node node = first; node != null; node = node.next) {
            length++;
        }
        assertThat(length).isEqualTo(300);
    }

    @Test
    void anotherResultFilterAllowsMore() {
        ObjectInputFilter all = info -> ObjectInputFilter.Status.UNDECIDED;
        try (ProcessPoolExecutor patient = Faults.quiet(1).resultFilter(all).build()) {
            assertThat(Faults.value(patient.submit(() -> sets(23)))).hasSize(2);
        }
        expectRejected(() -> sets(23));
    }
}
