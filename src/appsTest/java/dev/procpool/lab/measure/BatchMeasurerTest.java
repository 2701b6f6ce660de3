package dev.procpool.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchMeasurerTest {
    private static TimedTask.Result ran(String worker, long start, long end) {
        return new TimedTask.Result(worker, start, end - start, null);
    }

    @Test
    void betweenTasksIsTheGapOfEachWorkerBetweenOneAndItsNext() {
        double between = BatchMeasurer.between(List.of(
                ran("b", 9_000_000, 9_000_100),
                ran("a", 300, 400), // submitted before it, run after it
                ran("a", 0, 200),
                ran("b", 9_000_400, 9_000_500)));
        assertThat(between).isCloseTo(200e-9, within(1e-15)); // of 100 and 300
    }

    @Test
    void theLongestSpanIsThatOfTheWorkerThatTookLongestFromFirstToLast() {
        double span = BatchMeasurer.longestSpan(List.of(
                ran("b", 9_000_000, 9_000_100), ran("a", 300, 400), ran("a", 0, 200), ran("b", 9_000_400, 9_000_500)));
        assertThat(span).isCloseTo(500e-9, within(1e-15)); // of 500 and 400
    }

    @Test
    void aWorkerWithOneTaskHasNoGap() {
        assertThat(BatchMeasurer.between(List.of(ran("a", 0, 200), ran("b", 5, 10))))
                .isZero();
    }
}
