package dev.procpool.flags;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlagImagesTest {
    @Test
    void eachCodeHasItsFlag() {
        assertThat(FlagImages.codes()).hasSizeGreaterThan(249).containsAll(CountryCodes.POPULOUS);
        assertThat(FlagImages.codes())
                .allSatisfy(code -> assertThat(new String(FlagImages.svg(code).orElseThrow(), UTF_8))
                        .startsWith("<svg"));
    }

    @Test
    void otherCodesHaveNone() {
        assertThat(CountryCodes.every())
                .allSatisfy(code -> assertThat(FlagImages.svg(code))
                        .as(code)
                        .matches(flag -> flag.isPresent() == FlagImages.codes().contains(code)));
    }
}
