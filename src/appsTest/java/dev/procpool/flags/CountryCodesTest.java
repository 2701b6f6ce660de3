package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountryCodesTest {
    @Test
    void codesComeSortedOnceAndInCapitals() {
        assertThat(CountryCodes.expand(List.of("vn", "BR", "br", "Vn"))).containsExactly("BR", "VN");
    }

    @Test
    void aLetterIsAllCodesThatStartWithIt() {
        assertThat(CountryCodes.expand(List.of("b", "BR")))
                .hasSize(26)
                .startsWith("BA", "BB")
                .endsWith("BZ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"B1", "XYZ", "", "1", "Ä", "ß", "ı", " B", "B\n"})
    void whatIsNoCodeIsNamed(String argument) {
        assertThatThrownBy(() -> CountryCodes.expand(List.of("BR", argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + argument + "' is no country code");
    }

    @Test
    void everyIsFromAaToZz() {
        assertThat(CountryCodes.every()).hasSize(676).startsWith("AA", "AB").endsWith("ZY", "ZZ");
    }

    @Test
    void twentyCountriesHaveMostPeople() {
        assertThat(CountryCodes.expand(CountryCodes.POPULOUS))
                .hasSize(20)
                .startsWith("BD")
                .endsWith("VN");
    }
}
