package dev.procpool.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.lab.LabFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
    @Test
    void where_java_cannot_draw_there_is_all_but_the_plots(@TempDir Path folder) throws IOException {
        Run run = LabFixtures.wholeRun();
        List<String> withPlots = ReportWriter.write(folder, run, List.of(64), Optional.empty());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".png")).toList())
                    .isNotEmpty();
        }

        Path without = Files.createDirectory(folder.resolve("without"));
        List<String> said = ReportWriter.write(without, run, List.of(64), Optional.of("no libharfbuzz"));
        assertThat(said).hasSize(withPlots.size() + 1).containsAll(withPlots);
        assertThat(said.get(said.size() - 1)).startsWith("No plots").contains("no libharfbuzz", "Install");
        try (Stream<Path> files = Files.list(without)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("data.csv", "data.json", "environment.json", "report.md", "report.html");
        }
        assertThat(without.resolve("report.md"))
                .content()
                .contains("no libharfbuzz")
                .doesNotContain("![");
    }
}
