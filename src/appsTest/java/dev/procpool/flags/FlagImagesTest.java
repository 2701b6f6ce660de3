package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class FlagImagesTest {
    private final Set<String> codes = FlagImages.codes();

    @Test
    void eachCodeHasItsFlag() {
        assertThat(codes).hasSizeGreaterThan(249).containsAll(CountryCodes.POPULOUS);
        assertThat(codes)
                .allSatisfy(code -> assertThat(rootElement(FlagImages.svg(code).orElseThrow()))
                        .isEqualTo("svg"));
    }

    @Test
    void otherCodesHaveNone() {
        assertThat(CountryCodes.every())
                .allSatisfy(code -> assertThat(FlagImages.svg(code).isPresent()).isEqualTo(codes.contains(code)));
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
