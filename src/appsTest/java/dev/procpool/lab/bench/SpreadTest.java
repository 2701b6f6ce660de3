package dev.procpool.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void isOfSortedSamples() {
        assertThat(Spread.of(List.of(5.0, 1.0, 4.0, 2.0, 3.0))).isEqualTo(new Spread(5, 1, 2, 3, 4, 5));
    }

    @Test
    void interpolatesBetweenNeighbours() {
        assertThat(Spread.of(List.of(1.0, 2.0, 3.0, 4.0))).isEqualTo(new Spread(4, 1, 1.75, 2.5, 3.25, 4));
    }

    @Test
    void ofOneSampleIsThatSample() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(1, 7, 7, 7, 7, 7));
    }

    @Test
    void needsASample() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }
}
