package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared values that are longer than the ring through which they go, whatever else is under way. */
@ExtendWith(LeakCheck.class)
class LargeSharedValuesTest {
    @ParameterizedTest
    @ValueSource(ints = {200_000, 260_000, 270_000, 1_040_000, 1_050_000, 5_000_000, 60_000_000})
    void arriveOnceAndWhole(int length) throws Exception {
        byte[] value = new byte[length];
        new Random(length).nextBytes(value);
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2);
                Shared<byte[]> shared = pool.share(value)) {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int summand = i;
                futures.add(pool.submit(() -> summand));
                futures.add(pool.submit(() -> Arrays.hashCode(shared.get()) + summand));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(futures.get(2 * i).get()).isEqualTo(i);
                assertThat(futures.get(2 * i + 1).get()).isEqualTo(Arrays.hashCode(value) + i);
            }
        }
    }

    @Test
    void objectsToo() throws Exception {
        Map<Integer, String> value = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            value.put(i, "value " + i);
        }
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1);
                Shared<Map<Integer, String>> shared = pool.share(value)) {
            assertThat(pool.submit(() -> shared.get().get(99_999)).get()).isEqualTo("value 99999");
        }
    }

    /** What a function of map captures goes the same way. */
    @Test
    void functionsThatCaptureMuch() {
        int[] table = new Random(1).ints(1_000_000).toArray();
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2)) {
            assertThat(pool.map(i -> table[i], List.of(0, 1, 999_999)))
                    .containsExactly(table[0], table[1], table[999_999]);
        }
    }

    /** A worker hears of all that was closed since it got its last task, in front of the next one. */
    @Test
    void manyThatAreClosedAtOnce() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            for (int round = 0; round < 3; round++) {
                List<Shared<Integer>> all = new ArrayList<>();
                for (int i = 0; i < 20_000; i++) {
                    all.add(pool.share(i));
                }
                List<PoolFuture<Integer>> futures = new ArrayList<>();
                for (Shared<Integer> each : all) {
                    futures.add(pool.submit(() -> each.get()));
                }
                all.forEach(Shared::close);
                for (int i = 0; i < 20_000; i++) {
                    futures.add(pool.submit(() -> 7));
                }
                for (PoolFuture<Integer> future : futures.subList(20_000, 40_000)) {
                    assertThat(future.get()).isEqualTo(7);
                }
            }
        }
    }
}
