package dev.procpool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineAssemblerTest {
    private final List<String> lines = new ArrayList<>();
    private final LineAssembler assembler = new LineAssembler(lines::add);

    private void add(byte[] bytes, int piece) {
        for (int at = 0; at < bytes.length; at += piece) {
            assembler.add(bytes, at, Math.min(piece, bytes.length - at));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 1000})
    void wholeLinesOfPieces(int piece) {
        add("one\r\ntw\u00f6\n\nfour".getBytes(StandardCharsets.UTF_8), piece);
        assertThat(lines).containsExactly("one", "tw\u00f6", "");
        assembler.flush();
        assertThat(lines).last().isEqualTo("four");
    }

    @ParameterizedTest
    @ValueSource(ints = {1021, 7919, 65521})
    void endlessLineIsCutBetweenCharacters(int piece) {
        String text = "\u00e4\u20ac\ud83d\ude00".repeat(400_000);
        add(text.getBytes(StandardCharsets.UTF_8), piece);
        assertThat(lines).hasSizeGreaterThan(1);
        assembler.flush();
        assertThat(String.join("", lines)).isEqualTo(text);
    }

    @Test
    void endlessLineThatIsNoText() {
        byte[] bytes = new byte[3 << 20];
        Arrays.fill(bytes, (byte) 0x80);
        add(bytes, 8192);
        assembler.flush();
        assertThat(lines).hasSizeGreaterThan(1).allMatch(line -> line.chars().allMatch(c -> c == 0xFFFD));
        assertThat(lines.stream().mapToInt(String::length).sum()).isEqualTo(bytes.length);
    }
}
