package dev.procpool.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.report.ReportWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From measurements, made up ones, to files. */
class ReportTest {
    private static final List<Trial> PLAN = LabFixtures.PLAN;

    /** The report of a whole run. */
    @TempDir
    static Path folder;

    private static List<String> verdict = List.of();

    @BeforeAll
    static void writeTheWhole() throws IOException {
        verdict = write(folder, PLAN.size(), null);
    }

    private static List<String> write(Path folder, int measured, @Nullable String voidBecause) throws IOException {
        return ReportWriter.write(folder, LabFixtures.run(measured, voidBecause), List.of(64, 256));
    }

    @Test
    void all_files_are_written_and_the_plots_are_pictures() throws IOException {
        assertThat(names())
                .contains("data.csv", "data.json", "environment.json", "report.md", "report.html")
                .contains("speedup-sha.svg", "crossover-overhead.png", "latency-tail.png", "classic-arcfour.png")
                .contains("reuse-sha.png", "model-efficiency.svg");
        for (String name : names()) {
            if (name.endsWith(".png")) {
                BufferedImage image = ImageIO.read(folder.resolve(name).toFile());
                assertThat(image.getWidth()).as(name).isGreaterThan(400);
                assertThat(names()).contains(name.replace(".png", ".svg"));
            }
        }
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("data:image/png")
                .doesNotContain("<script");
    }

    @Test
    void the_csv_holds_every_value() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("data.csv"));
        long values = PLAN.stream()
                .map(LabFixtures::imagine)
                .flatMap(measurement -> measurement.values().values().stream())
                .mapToLong(array -> array.length)
                .sum();
        assertThat(lines).hasSize((int) values + 1);
        int columns = lines.get(0).split(",", -1).length;
        assertThat(lines).allMatch(line -> line.split(",", -1).length == columns);
        double batch = LabFixtures.imagine(PLAN.stream()
                        .filter(t -> t.configuration().experiment() == Experiment.CLASSIC)
                        .findFirst()
                        .orElseThrow())
                .values()
                .values()
                .iterator()
                .next()[0];
        assertThat(lines).anyMatch(line -> line.endsWith("," + batch));
    }

    @Test
    void the_json_is_json_and_holds_the_verdict() throws IOException {
        JsonObject json = JsonParser.parseString(Files.readString(folder.resolve("data.json")))
                .getAsJsonObject();
        assertThat(json.getAsJsonArray("verdict")).hasSize(verdict.size());
        assertThat(json.getAsJsonArray("measurements")).hasSize(PLAN.size());
        assertThat(json.getAsJsonObject("results").keySet())
                .contains("scaling", "crossover", "heaps", "classic", "reuse", "simulation");
    }

    @Test
    void the_verdict_says_what_the_figures_say() throws IOException {
        String text = String.join("\n", verdict);
        assertThat(text)
                .contains("sha: no clear winner between processes, threads (60.")
                .contains("a batch). 2 workers are enough.")
                .contains("sha: sequential clearly slower")
                .contains("sha: no clear winner between processes and threads")
                .contains("separate heaps keep the better tail")
                .contains("on the same cores Spark never overtakes")
                .contains("times as long as a pool")
                .contains("The model was off by at most");
        // 2 µs more for each task are 5% of 39 µs; read off between 10 and 100 µs.
        assertThat(text).containsPattern("less than 5% over\\s+threads from tasks of about [3-8]\\d\\.\\d µs");
    }

    @Test
    void on_two_cores_the_laws_are_not_fitted_but_said_not_to_be() throws IOException {
        assertThat(folder.resolve("report.md"))
                .content()
                .contains("not enough points for a fit within the 2 cores")
                .contains("serial fraction");
    }

    @Test
    void of_part_of_a_run_there_is_a_report_that_says_so(@TempDir Path other) throws IOException {
        write(other, PLAN.size() / 10, null);
        assertThat(other.resolve("report.md")).content().contains("Not finished: ");
    }

    @Test
    void a_wrong_result_leaves_no_verdict_but_that(@TempDir Path other) throws IOException {
        assertThat(write(other, PLAN.size(), "task 3 returned 4"))
                .containsExactly("VOID, nothing here can be believed: task 3 returned 4");
        assertThat(other.resolve("report.html")).content().contains("VOID").doesNotContain("no clear winner");
    }

    @Test
    void of_nothing_there_is_a_report_too(@TempDir Path other) throws IOException {
        assertThat(write(other, 0, null)).isEmpty();
        assertThat(other.resolve("report.md")).content().contains("Nothing was measured yet");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
