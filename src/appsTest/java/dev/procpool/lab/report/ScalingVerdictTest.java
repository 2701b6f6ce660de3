package dev.procpool.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.lab.report.ScalingVerdict.Candidate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScalingVerdictTest {
    private static double[] around(double seconds) {
        return new double[] {0.99 * seconds, seconds, 1.01 * seconds, 1.005 * seconds, 0.995 * seconds};
    }

    private static String verdict(Candidate... candidates) {
        return String.join("\n", ScalingVerdict.of("sha", 2, List.of(candidates)));
    }

    @Test
    void threads_win_where_they_win() {
        assertThat(verdict(
                        new Candidate("processes", 2, around(1.3)),
                        new Candidate("threads", 2, around(1)),
                        new Candidate("sequential", 1, around(1.9))))
                .contains("sha: threads clearly fastest (1.00 s a batch). 2 workers are enough.")
                .contains("processes clearly slower, 1.30 s a batch, that is 30% more")
                .contains("sha: threads win; take processes only for isolation.");
    }

    @Test
    void processes_win_where_they_do() {
        assertThat(verdict(new Candidate("processes", 2, around(1)), new Candidate("threads", 2, around(1.3))))
                .contains("sha: processes clearly fastest", "sha: processes win.");
    }

    @Test
    void a_small_difference_has_no_winner_however_certain() {
        assertThat(verdict(new Candidate("processes", 2, around(1.03)), new Candidate("threads", 2, around(1))))
                .contains("no clear winner between processes, threads", "choose by what you need")
                .doesNotContain("win;");
    }

    @Test
    void a_large_difference_has_no_winner_if_it_is_uncertain() {
        assertThat(verdict(
                        new Candidate("processes", 2, new double[] {1, 3, 2}),
                        new Candidate("threads", 2, new double[] {1, 2.5, 1.2})))
                .contains("no clear winner between processes, threads");
    }

    @Test
    void what_is_clearly_slower_than_the_fastest_is_not_called_equal_to_another_that_is_not() {
        assertThat(verdict(
                        new Candidate("forkjoin", 2, around(1)),
                        new Candidate("threads", 2, new double[] {0.9, 1.1, 1.3, 1.0, 1.2}),
                        new Candidate("processes", 2, around(1.2))))
                .contains("no clear winner between forkjoin, threads", "processes clearly slower")
                .doesNotContain("no clear winner between processes");
    }

    @Test
    void if_nothing_beats_one_after_the_other_it_says_so() {
        assertThat(verdict(
                        new Candidate("processes", 1, around(1.5)),
                        new Candidate("threads", 1, around(1.02)),
                        new Candidate("sequential", 1, around(1))))
                .contains("Nothing clearly beats running the tasks one after the other");
    }

    @Test
    void single_measurements_give_no_verdict() {
        assertThat(verdict(new Candidate("threads", 2, new double[] {1})))
                .isEqualTo(
                        "sha: too few measurements for a verdict; medians of a batch so far: threads 1.00 s (2 workers).");
    }

    @Test
    void more_workers_must_clearly_gain_to_be_recommended() {
        Candidate candidate = Candidate.of(
                "threads", new TreeMap<>(Map.of(1, around(2), 2, around(1), 4, around(0.99), 8, around(1.2))));
        assertThat(candidate.workers()).isEqualTo(2);
    }

    @Test
    void wide_intervals_dont_make_one_worker_enough() {
        Candidate candidate = Candidate.of(
                "processes", new TreeMap<>(Map.of(1, new double[] {1, 2, 4}, 2, new double[] {0.5, 1, 3})));
        assertThat(candidate.workers()).isEqualTo(2);
    }

    @Test
    void worker_counts_without_a_measurement_are_passed_over() {
        SortedMap<Integer, double[]> elapsed = new TreeMap<>(Map.of(1, new double[0], 2, around(1)));
        assertThat(Candidate.of("threads", elapsed).workers()).isEqualTo(2);
        elapsed.remove(2);
        assertThat(verdict(Candidate.of("threads", elapsed))).isEqualTo("sha: too few measurements for a verdict.");
    }

    /** The same machine measured again, with 3% of noise on each JVM: the words stay. */
    @Test
    void a_second_run_gives_the_same_verdict() {
        Random random = new Random(1);
        Set<String> verdicts = new HashSet<>();
        for (int run = 0; run < 30; run++) {
            verdicts.add(verdict(
                            Candidate.of("processes", noisy(random, 2.02, 1.02)),
                            Candidate.of("threads", noisy(random, 2, 1)),
                            Candidate.of("spawn", noisy(random, 4, 3)))
                    .replaceAll("[\\d.]+ (m?s|%)|[\\d.]+%", "#"));
        }
        assertThat(verdicts).hasSize(1);
    }

    private static SortedMap<Integer, double[]> noisy(Random random, double one, double two) {
        return new TreeMap<>(Map.of(1, noisy(random, one), 2, noisy(random, two), 4, noisy(random, two)));
    }

    private static double[] noisy(Random random, double seconds) {
        double[] samples = new double[5];
        Arrays.setAll(samples, i -> seconds * Math.exp(0.03 * random.nextGaussian()));
        return samples;
    }
}
