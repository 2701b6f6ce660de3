package dev.procpool.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.procpool.lab.stats.ScalabilityFit.Law;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScalabilityFitTest {
    private static SortedMap<Integer, double[]> elapsed(double sigma, double kappa, double noise, int... workers) {
        Random random = new Random(42);
        SortedMap<Integer, double[]> samples = new TreeMap<>();
        for (int n : workers) {
            double seconds = 10.0 * (1 + sigma * (n - 1) + kappa * n * (n - 1)) / n;
            samples.put(
                    n,
                    random.doubles(7, 0, 1)
                            .map(ignored -> seconds * Math.exp(noise * random.nextGaussian()))
                            .toArray());
        }
        return samples;
    }

    @Test
    void usl_recovers_its_parameters_from_clean_data() {
        ScalabilityFit fit = ScalabilityFit.of(Law.USL, elapsed(0.05, 0.001, 0, 1, 2, 4, 8, 16))
                .orElseThrow();
        assertThat(fit.secondsAtOne()).isCloseTo(10, within(1e-9));
        assertThat(fit.sigma().estimate()).isCloseTo(0.05, within(1e-9));
        assertThat(fit.kappa().estimate()).isCloseTo(0.001, within(1e-9));
        assertThat(fit.error()).isLessThan(1e-9);
        assertThat(fit.peakWorkers()).isCloseTo(Math.sqrt(0.95 / 0.001), within(1e-6));
    }

    @Test
    void amdahl_recovers_the_serial_fraction_from_noisy_data() {
        ScalabilityFit fit =
                ScalabilityFit.of(Law.AMDAHL, elapsed(0.1, 0, 0.02, 1, 2, 4, 8)).orElseThrow();
        assertThat(fit.sigma().contains(0.1)).as("%s", fit.sigma()).isTrue();
        assertThat(fit.sigma().high() - fit.sigma().low()).isLessThan(0.1);
        assertThat(fit.kappa().estimate()).isZero();
        assertThat(fit.speedUp(4)).isCloseTo(4 / 1.3, within(0.2));
    }

    @Test
    void usl_intervals_hold_the_true_values_of_noisy_data() {
        ScalabilityFit fit = ScalabilityFit.of(Law.USL, elapsed(0.08, 0.004, 0.02, 1, 2, 3, 4, 6, 8, 12, 16))
                .orElseThrow();
        assertThat(fit.sigma().contains(0.08)).as("%s", fit.sigma()).isTrue();
        assertThat(fit.kappa().contains(0.004)).as("%s", fit.kappa()).isTrue();
    }

    @Test
    void better_than_linear_is_fitted_as_linear() {
        ScalabilityFit fit =
                ScalabilityFit.of(Law.USL, elapsed(-0.02, 0, 0, 1, 2, 4, 8)).orElseThrow();
        assertThat(fit.sigma().estimate()).isZero();
        assertThat(fit.kappa().estimate()).isZero();
        assertThat(fit.speedUp(8)).isEqualTo(8);
    }

    @Test
    void too_few_worker_counts_give_no_fit() {
        assertThat(ScalabilityFit.of(Law.AMDAHL, elapsed(0.1, 0, 0, 1, 2))).isEmpty();
        assertThat(ScalabilityFit.of(Law.USL, elapsed(0.1, 0, 0, 1, 2, 4))).isEmpty();
    }

    @Test
    void the_envelope_holds_the_prediction() {
        ScalabilityFit fit = ScalabilityFit.of(Law.USL, elapsed(0.05, 0.002, 0.05, 1, 2, 4, 8, 16))
                .orElseThrow();
        assertThat(fit.speedUpInterval(64).contains(fit.speedUp(64))).isTrue();
    }

    @Test
    void serial_fraction_of_two_points_is_karp_and_flatts() {
        double[] one = {10, 10, 10};
        double[] two = {5.5, 5.5, 5.5};
        assertThat(ScalabilityFit.serialFraction(one, two, 2).estimate()).isCloseTo(0.1, within(1e-12));
    }
}
