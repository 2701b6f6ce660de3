package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class FlagImagesTest {
    @Test
    void eachCodeHasItsFlag() {
        assertThat(FlagImages.codes()).hasSizeGreaterThan(249).containsAll(CountryCodes.POPULOUS);
        assertThat(FlagImages.codes())
                .allSatisfy(code -> assertThat(rootElement(FlagImages.svg(code).orElseThrow()))
                        .isEqualTo("svg"));
    }

    @Test
    void otherCodesHaveNone() {
        assertThat(CountryCodes.every())
                .allSatisfy(code -> assertThat(FlagImages.svg(code))
                        .as(code)
                        .matches(flag -> flag.isPresent() == FlagImages.codes().contains(code)));
    }

    /** Of well-formed XML. */
    private static String rootElement(byte[] xml) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml))
                .getDocumentElement()
                .getTagName();
    }
}
