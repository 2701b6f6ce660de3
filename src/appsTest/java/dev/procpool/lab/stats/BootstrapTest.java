package dev.procpool.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void median_of_odd_and_even_counts() {
        assertThat(Bootstrap.median(3, 1, 2)).isEqualTo(2);
        assertThat(Bootstrap.median(4, 1, 2, 3)).isEqualTo(2.5);
        assertThat(Bootstrap.median()).isNaN();
    }

    @Test
    void one_sample_gives_no_interval() {
        Interval interval = Bootstrap.ofMedian(7);
        assertThat(interval.estimate()).isEqualTo(7);
        assertThat(interval.isKnown()).isFalse();
        assertThat(interval.contains(7)).isFalse();
    }

    @Test
    void equal_samples_give_an_interval_without_width() {
        Interval interval = Bootstrap.ofMedian(5, 5, 5, 5);
        assertThat(interval.low()).isCloseTo(5, within(1e-12));
        assertThat(interval.high()).isCloseTo(5, within(1e-12));
    }

    @Test
    void same_samples_same_interval() {
        assertThat(Bootstrap.ofMedian(1, 2, 3, 4)).isEqualTo(Bootstrap.ofMedian(1, 2, 3, 4));
    }

    @Test
    void three_samples_reach_past_the_smallest_and_the_largest() {
        Interval interval = Bootstrap.ofMedian(0.9, 1.0, 1.1);
        assertThat(interval.low()).isPositive().isLessThan(0.9);
        assertThat(interval.high()).isGreaterThan(1.1);
    }

    /** The promise of a 99% interval, kept for as few samples as a quick run has. */
    @Test
    void covers_the_true_median_nearly_always() {
        for (int samples : new int[] {3, 5, 10}) {
            Random random = new Random(samples);
            int covered = 0;
            int trials = 300;
            for (int i = 0; i < trials; i++) {
                covered += Bootstrap.ofMedian(times(random, samples)).contains(0.2) ? 1 : 0;
            }
            assertThat((double) covered / trials)
                    .as("coverage with %d samples", samples)
                    .isBetween(0.97, 1.0);
        }
    }

    /** What two runs with the same seed are compared by. */
    @Test
    void the_median_of_a_second_run_lies_within_the_interval_of_the_first() {
        for (int samples : new int[] {3, 5, 10}) {
            Random random = new Random(samples);
            int within = 0;
            int trials = 300;
            for (int i = 0; i < trials; i++) {
                double[] first = times(random, samples);
                double[] second = times(random, samples);
                within += Bootstrap.ofMedian(first).contains(Bootstrap.median(second)) ? 1 : 0;
            }
            assertThat((double) within / trials).as("%d samples", samples).isBetween(0.94, 1.0);
        }
    }

    private static double[] times(Random random, int samples) {
        return random.doubles(samples, 0, 1)
                .map(ignored -> 0.2 * Math.exp(0.1 * random.nextGaussian()))
                .toArray();
    }

    @Test
    void ratio_of_medians() {
        Interval ratio = Bootstrap.ofRatio(new double[] {2.0, 2.1, 1.9}, new double[] {1.0, 1.0, 1.0});
        assertThat(ratio.estimate()).isEqualTo(2.0);
        assertThat(ratio.contains(2.05)).isTrue();
        assertThat(ratio.contains(4)).isFalse();
    }

    @Test
    void a_falling_function_swaps_the_bounds() {
        assertThat(new Interval(1, 2, 4).map(x -> 8 / x)).isEqualTo(new Interval(2, 4, 8));
    }
}
