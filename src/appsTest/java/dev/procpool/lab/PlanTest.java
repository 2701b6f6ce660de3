package dev.procpool.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Experiment[] ALL = Experiment.values();

    private static List<Trial> plan(long seed, Experiment... experiments) {
        return Plan.of(LabFixtures.parameters(seed, experiments), 2, true);
    }

    private static Set<Configuration> ofRound(List<Trial> plan, int round) {
        return plan.stream()
                .filter(trial -> trial.round() == round)
                .map(Trial::configuration)
                .collect(Collectors.toSet());
    }

    @Test
    void each_round_measures_each_configuration_once() {
        List<Trial> plan = plan(1, ALL);
        Set<Configuration> first = ofRound(plan, 0);
        assertThat(plan).hasSize(5 * first.size()).doesNotHaveDuplicates();
        for (int round = 1; round < 5; round++) {
            assertThat(ofRound(plan, round)).isEqualTo(first);
        }
    }

    @Test
    void a_quick_run_repeats_only_what_its_verdicts_need() {
        List<Trial> plan = Plan.of(LabFixtures.parameters(1, true, ALL), 2, true);
        assertThat(ofRound(plan, 0)).extracting(Configuration::experiment).contains(ALL);
        assertThat(ofRound(plan, 1))
                .extracting(Configuration::experiment)
                .containsOnly(Experiment.SCALING, Experiment.CROSSOVER);
    }

    @Test
    void workers_that_are_jvms_are_warmed_up_each() {
        assertThat(plan(1, Experiment.SCALING))
                .filteredOn(trial -> trial.configuration().executor().equals("processes"))
                .isNotEmpty()
                .allMatch(trial -> trial.warmup() == 3 * trial.configuration().workers());
        assertThat(plan(1, Experiment.SCALING))
                .filteredOn(trial -> trial.configuration().executor().equals("threads"))
                .isNotEmpty()
                .allMatch(trial -> trial.warmup() == 3);
    }

    @Test
    void rounds_come_one_after_the_other_each_in_another_order() {
        List<Trial> plan = plan(1, Experiment.SCALING);
        assertThat(plan).extracting(Trial::round).isSorted();
        int each = plan.size() / 5;
        List<Configuration> first =
                plan.subList(0, each).stream().map(Trial::configuration).toList();
        List<Configuration> second =
                plan.subList(each, 2 * each).stream().map(Trial::configuration).toList();
        assertThat(first).isNotEqualTo(second).containsExactlyInAnyOrderElementsOf(second);
    }

    @Test
    void the_seed_decides_the_order() {
        assertThat(plan(7, ALL)).isEqualTo(plan(7, ALL)).isNotEqualTo(plan(8, ALL));
        assertThat(new HashSet<>(plan(7, ALL))).isEqualTo(new HashSet<>(plan(8, ALL)));
    }

    @Test
    void scaling_crosses_jobs_executors_and_workers_but_sequential_has_one_worker() {
        assertThat(ofRound(plan(1, Experiment.SCALING), 0)).hasSize(2 * (3 + 3 + 1));
    }

    @Test
    void crossover_goes_from_a_microsecond_to_a_second() {
        assertThat(ofRound(plan(1, Experiment.CROSSOVER), 0))
                .extracting(Configuration::size)
                .contains(1_000L, 1_000_000L, 1_000_000_000L)
                .allMatch(nanos -> nanos >= 1_000 && nanos <= 1_000_000_000);
    }

    @Test
    void without_python_nothing_of_python_is_planned() {
        List<Trial> plan = Plan.of(LabFixtures.parameters(1, Experiment.CLASSIC), 2, false);
        assertThat(plan)
                .isNotEmpty()
                .noneMatch(trial -> trial.configuration().executor().equals("cpython"));
    }
}
