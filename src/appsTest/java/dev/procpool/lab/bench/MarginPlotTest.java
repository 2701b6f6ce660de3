package dev.procpool.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarginPlotTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20})
    void drawsAnyNumberOfBars(int bars) throws Exception {
        Samples samples = new Samples();
        samples.add("ours", Map.of("rate", List.of(1.0)));
        Demand.Verdict verdict = Demand.noMore(2, "s", "what", "rate/ours").judge(samples);

        byte[] picture = MarginPlot.of(Collections.nCopies(bars, verdict)).encode("png");

        assertThat(picture).startsWith(0x89, 'P', 'N', 'G');
    }
}
