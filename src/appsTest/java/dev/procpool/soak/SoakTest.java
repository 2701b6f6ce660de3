package dev.procpool.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A chaos run of a few seconds; {@code bin/soak} is the long one. */
class SoakTest {
    private static final Duration NO_LIMIT = Duration.ofHours(1);

    @Test
    void allKindsOfTasksAreAccountedFor() throws IOException, InterruptedException {
        Ledger ledger = new Soak(new SoakPlan(
                        2, 3, Duration.ofSeconds(3), Integer.MAX_VALUE - 1, Duration.ofMillis(200), 0, false, 1))
                .run();
        assertThat(ledger.balances()).as("%s", ledger.lines()).isTrue();
        assertThat(ledger.tasks()).isPositive();
    }

    @Test
    void tasksThatMayBeRepeatedAllSucceed() throws IOException, InterruptedException {
        Ledger ledger = new Soak(new SoakPlan(2, 2, NO_LIMIT, 5_000, Duration.ofMillis(100), 3, false, 2)).run();
        assertThat(ledger.balances()).as("%s", ledger.lines()).isTrue();
        assertThat(ledger.tasks()).isEqualTo(5_000);
    }

    @Test
    void threadsThatWaitAreAllServed() throws IOException, InterruptedException {
        Ledger ledger = new Soak(
                        new SoakPlan(2, 10, Duration.ofSeconds(3), Integer.MAX_VALUE - 1, Duration.ZERO, 0, true, 3))
                .run();
        assertThat(ledger.balances()).as("%s", ledger).isTrue();
        assertThat(ledger.tasks()).isPositive();
    }

    @Test
    void threadsThatWaitAreAllServedThoughWorkersDie() throws IOException, InterruptedException {
        Ledger ledger = new Soak(new SoakPlan(2, 10, NO_LIMIT, 3_000, Duration.ofMillis(200), 0, true, 4)).run();
        assertThat(ledger.balances()).as("%s", ledger).isTrue();
        assertThat(ledger.tasks()).isEqualTo(3_000);
    }
}
