package dev.procpool.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpinTaskTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 7, 64, 1000, 123_457})
    void the_short_way_gives_what_the_long_way_gives(long steps) {
        assertThat(SpinTask.expected(steps)).isEqualTo(SpinTask.run(steps));
    }
}
