package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks that are too long to lie in the ring as a whole: the child reads them while the parent still writes. */
class LongTasksTest {
    @Test
    void arriveAsTheyWereSent() throws Exception {
        byte[] payload = new byte[300_000];
        payload[payload.length - 1] = 42;
        SerializableCallable<Integer> task = () -> payload.length + payload[payload.length - 1];
        try (ProcessPoolExecutor executor = ProcessPoolExecutor.create(1)) {
            for (int batch = 0; batch < 500; batch++) {
                List<PoolFuture<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    futures.add(executor.submit(task));
                }
                for (PoolFuture<Integer> future : futures) {
                    assertThat(future.get()).isEqualTo(payload.length + 42);
                }
            }
        }
    }
}
