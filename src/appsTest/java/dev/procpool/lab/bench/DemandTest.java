package dev.procpool.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemandTest {
    private final Samples samples = new Samples();

    @ParameterizedTest
    @CsvSource({"500, OK", "501, OK", "499, MISSED"})
    void comparesMedians(double ours, Demand.State state) {
        measured("ours", ours - 1, ours, ours + 1000);
        measured("theirs", 9, 10, 11);

        Demand.Verdict verdict =
                Demand.atLeast(50, "", "rate/ours", "rate/theirs").judge(samples);

        assertThat(verdict.reached()).hasValue(ours / 10);
        assertThat(verdict.state()).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"5, OK", "6, OK", "6.1, MISSED"})
    void mayBoundFromAbove(double ours, Demand.State state) {
        measured("ours", ours);
        measured("theirs", 10);

        assertThat(Demand.atMost(0.6, "", "rate/ours", "rate/theirs")
                        .judge(samples)
                        .state())
                .isEqualTo(state);
    }

    @Test
    void mayBoundTheValueItself() {
        measured("ours", 401);

        Demand.Verdict verdict = Demand.noMore(400, "bytes", "", "rate/ours").judge(samples);

        assertThat(verdict.reached()).hasValue(401);
        assertThat(verdict.state()).isEqualTo(Demand.State.MISSED);
    }

    @Test
    void isNotMeasuredWithoutTheOther() {
        measured("ours", 1);

        assertThat(Demand.atLeast(1, "", "rate/ours", "rate/theirs")
                        .judge(samples)
                        .state())
                .isEqualTo(Demand.State.NOT_MEASURED);
    }

    private void measured(String contestant, double... values) {
        samples.add(contestant, Map.of("rate", DoubleStream.of(values).boxed().toList()));
    }
}
