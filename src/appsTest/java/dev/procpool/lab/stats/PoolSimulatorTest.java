package dev.procpool.lab.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.procpool.lab.stats.PoolSimulator.Costs;
import dev.procpool.lab.stats.PoolSimulator.Result;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolSimulatorTest {
    private static final double TINY = 1e-9;

    private static double[] tasks(int count, double seconds) {
        double[] service = new double[count];
        Arrays.fill(service, seconds);
        return service;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 64, 1024})
    void without_overhead_the_speed_up_is_the_number_of_workers(int workers) {
        Result result = PoolSimulator.run(Costs.NONE, workers, tasks(workers * 5, 0.01), 0);
        assertThat(result.elapsed()).isCloseTo(0.05, within(TINY));
        assertThat(result.efficiency()).isCloseTo(1, within(TINY));
        assertThat(result.parentBusy()).isZero();
    }

    @Test
    void one_worker_takes_the_sum_of_all_tasks() {
        Result result = PoolSimulator.run(Costs.NONE, 1, new double[] {0.3, 0.1, 0.2}, 0);
        assertThat(result.elapsed()).isCloseTo(0.6, within(TINY));
    }

    @Test
    void one_task_pays_for_send_wake_up_and_reply() {
        Result result = PoolSimulator.run(new Costs(0.010, 0, 0.003, 0, 0), 4, tasks(1, 0.1), 0);
        assertThat(result.elapsed()).isCloseTo(0.005 + 0.003 + 0.1 + 0.005, within(TINY));
    }

    @Test
    void a_window_hides_the_wake_up_of_all_tasks_but_the_first() {
        Result result = PoolSimulator.run(new Costs(0.001, 0, 0.05, 0, 0), 1, tasks(10, 0.1), 0);
        assertThat(result.elapsed()).isCloseTo(0.0005 + 0.05 + 10 * 0.1 + 0.0005, within(TINY));
    }

    @Test
    void what_a_worker_does_between_two_tasks_is_paid_for_all_but_the_first() {
        Result result = PoolSimulator.run(new Costs(0, 0, 0, 0.01, 0), 2, tasks(10, 0.1), 0);
        assertThat(result.elapsed()).isCloseTo(5 * 0.1 + 4 * 0.01, within(TINY));
        assertThat(result.efficiency()).isCloseTo(0.5 / 0.54, within(TINY));
    }

    @Test
    void a_saturated_parent_sets_the_pace_whatever_the_number_of_workers() {
        Costs costs = new Costs(0.002, 0, 0, 0, 0);
        Result result = PoolSimulator.run(costs, 1000, tasks(10_000, 0.01), 0);
        assertThat(result.elapsed()).isCloseTo(10_000 * 0.002, within(0.1));
        assertThat(result.parentBusy()).isGreaterThan(0.99);
        assertThat(result.efficiency()).isLessThan(0.01);
    }

    @Test
    void what_it_takes_to_encode_the_tasks_of_a_job_sets_the_pace_as_well() {
        Costs costs = Costs.NONE.ofTasks(0.002, 0, 0);
        Result result = PoolSimulator.run(costs, 1000, tasks(10_000, 0.01), 0);
        assertThat(result.elapsed()).isCloseTo(10_000 * 0.002, within(0.1));
    }

    @Test
    void copying_loads_the_parent_too() {
        Result result = PoolSimulator.run(new Costs(0, 0, 0, 0, 1e-9), 2, tasks(100, 1e-6), 1_000_000);
        assertThat(result.elapsed()).isCloseTo(100 * 0.001, within(1e-4));
    }

    @Test
    void no_task_waits_behind_a_long_one_while_a_worker_is_idle() {
        double[] oneLongManyShort = tasks(11, 0.1);
        oneLongManyShort[0] = 1.0;
        assertThat(PoolSimulator.run(Costs.NONE, 2, oneLongManyShort, 0).elapsed())
                .isCloseTo(1.0, within(TINY));
    }
}
