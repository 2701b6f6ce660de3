package dev.procpool.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossoverSectionTest {
    private static final List<Double> LENGTHS = List.of(1e-6, 1e-5, 1e-4, 1e-3, 1e-2);

    /** For each length the samples of threads, then of processes. */
    private static double crossover(double... overheads) {
        List<double[]> groups = new ArrayList<>();
        for (double overhead : overheads) {
            groups.add(new double[] {1, 1});
            groups.add(new double[] {1 + overhead, 1 + overhead});
        }
        return CrossoverSection.crossover(LENGTHS, groups);
    }

    @Test
    void between_two_lengths_it_is_read_off_the_logarithms() {
        assertThat(crossover(2, 0.5, 0.005, 0.0005, 0)).isCloseTo(1e-5 * Math.sqrt(10), within(1e-7));
    }

    @Test
    void one_noisy_long_task_moves_nothing_far() {
        assertThat(crossover(2, 0.5, 0.005, 0, 0.06)).isBetween(1e-5, 1e-4);
    }

    @Test
    void where_no_length_costs_more_it_is_the_shortest_and_where_all_do_it_is_unknown() {
        assertThat(crossover(0.01, 0.01, 0, 0, 0)).isEqualTo(1e-6);
        assertThat(crossover(0.9, 0.8, 0.7, 0.6, 0.5)).isNaN();
    }

    @Test
    void what_rises_is_levelled_and_what_falls_is_left_alone() {
        assertThat(CrossoverSection.falling(new double[] {5, 3, 4, 1})).containsExactly(5, 3.5, 3.5, 1);
        assertThat(CrossoverSection.falling(new double[] {1, 2, 3})).containsExactly(2, 2, 2);
        assertThat(CrossoverSection.falling(new double[] {3, 2, 1})).containsExactly(3, 2, 1);
    }
}
