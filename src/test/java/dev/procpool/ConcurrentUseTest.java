package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.soak.ConcurrentUse;
import dev.procpool.soak.Ledger;
import dev.procpool.soak.Way;
import java.util.EnumSet;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ten threads wait for one process pool, in all the ways there are: nobody waits for ever, and every value is right. The
 * contract has the same in short for every executor, {@code bin/soak --threads-wait} for as long as one likes.
 */
@ExtendWith(LeakCheck.class)
class ConcurrentUseTest {
    private static final int TIMES = 2;

    @ParameterizedTest(name = "{0} workers beside {1} hogs")
    @CsvSource({"1, 0", "2, 0", "1, 2", "2, 2"})
    void allWaysAtOnce(int workers, int hogs) throws InterruptedException {
        use(workers, hogs, EnumSet.allOf(Way.class), TIMES);
    }

    /** All threads in the same way, which is where a fault of that way shows best. */
    @ParameterizedTest
    @EnumSource
    void oneWay(Way way) throws InterruptedException {
        use(2, 2, EnumSet.of(way), 4 * TIMES);
    }

    private static void use(int workers, int hogs, EnumSet<Way> ways, int times) throws InterruptedException {
        try (Hogs beside = new Hogs(hogs);
                ProcessPoolExecutor pool = ProcessPoolExecutor.create(workers)) {
            Ledger books = ConcurrentUse.run(pool, ConcurrentUse.Load.normal(), ways, times, 10L * workers + hogs);
            assertThat(books.balances()).as("%s", books).isTrue();
            assertThat(pool.stats().rescued()).isZero();
        }
    }
}
