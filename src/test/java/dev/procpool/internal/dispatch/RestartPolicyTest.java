package dev.procpool.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RestartPolicy policy = new RestartPolicy();

    @Test
    void givesUpAfterFourFailuresInARow() {
        for (int i = 0; i < 3; i++) {
            policy.failed(0);
        }
        assertThat(policy.isExhausted(0)).isFalse();
        policy.failed(0);
        assertThat(policy.isExhausted(0)).isTrue();
        policy.succeeded();
        assertThat(policy.isExhausted(0)).isFalse();
    }

    @Test
    void pausesDoubleFromTheSecondFailureOn() {
        policy.failed(0);
        assertThat(policy.pauseNanos(0)).isZero();
        policy.failed(0);
        long first = policy.pauseNanos(0);
        policy.failed(0);
        assertThat(first).isPositive();
        assertThat(policy.pauseNanos(0)).isEqualTo(2 * first);
        assertThat(policy.pauseNanos(2 * first)).isZero();
    }

    @Test
    void killsArePutUpWithForTwentySeconds() {
        for (int i = 0; i < 1000; i++) {
            policy.killed(0);
        }
        assertThat(policy.isExhausted(20 * SECOND)).isFalse();
        assertThat(policy.isExhausted(21 * SECOND)).isTrue();
    }

    @Test
    void aFewKillsAreNoReasonHoweverLongTheyTake() {
        for (int i = 0; i < 19; i++) {
            policy.killed(10 * SECOND * i);
        }
        assertThat(policy.isExhausted(190 * SECOND)).isFalse();
    }

    @Test
    void thereAreNoStormsOfStarts() {
        for (int i = 0; i < 20; i++) {
            policy.killed(0);
            assertThat(policy.pauseNanos(0)).isZero();
        }
        policy.killed(0);
        assertThat(policy.pauseNanos(0)).isPositive();
    }
}
