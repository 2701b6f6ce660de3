package dev.procpool.lab.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the files of a run. Files of the same name are replaced. */
final class BenchReport {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private BenchReport() {}

    static void write(BenchResult result) throws IOException {
        Path folder = Files.createDirectories(result.options().out());
        Files.writeString(folder.resolve("data.json"), json(result) + "\n");
        Files.writeString(folder.resolve("environment.json"), GSON.toJson(result.environment()) + "\n");
        Files.writeString(folder.resolve("report.md"), markdown(result));
        MarginPlot plot = MarginPlot.of(result.verdicts());
        if (!plot.isEmpty()) {
            Files.write(folder.resolve("margins.png"), plot.encode("png"));
            Files.write(folder.resolve("margins.svg"), plot.encode("svg"));
        }
    }

    static String json(BenchResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("environment", result.environment());
        json.put("quick", result.options().quick());
        json.put("rounds", result.options().rounds());
        json.put("verdicts", result.verdicts().stream().map(BenchReport::json).toList());
        json.put("broken", result.broken());
        json.put("notHere", result.missing());
        Map<String, Object> spreads = new LinkedHashMap<>();
        result.samples().byName().forEach((name, samples) -> spreads.put(name, Spread.of(samples)));
        json.put("figures", spreads);
        json.put("samples", result.samples().byName());
        return GSON.toJson(json);
    }

    private static Map<String, Object> json(Demand.Verdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", verdict.demand().what());
        json.put(
                verdict.demand().atLeast() ? "atLeast" : "atMost",
                verdict.demand().bound());
        verdict.reached().ifPresent(reached -> json.put("reached", reached));
        json.put("verdict", verdict.state().toString());
        return json;
    }

    private static String markdown(BenchResult result) {
        BenchEnvironment environment = result.environment();
        List<String> lines = new ArrayList<>();
        lines.add("# procpool against its peers");
        lines.add("");
        lines.add("Commit " + environment.commit() + ", " + environment.started() + ", " + environment.cores()
                + " cores of " + environment.cpu() + ", " + environment.jdk() + ", " + environment.python()
                + "; load before the run " + environment.load() + ". Each contestant had "
                + result.options().rounds()
                + (result.options().rounds() == 1 ? " round" : " rounds")
                + (result.options().quick() ? " (quick)" : "")
                + ", shuffled, in fresh processes; JVMs that submit ran with " + String.join(" ", LineUp.HEAP)
                + ". Medians of all samples; a ratio is ours divided by theirs.");
        lines.add("");
        lines.add("## Verdict");
        lines.add("");
        lines.add("| demand | bound | reached | verdict |");
        lines.add("| --- | ---: | ---: | --- |");
        for (Demand.Verdict verdict : result.verdicts()) {
            lines.add("| " + verdict.demand().what() + " | " + TextReport.bound(verdict.demand()) + " | "
                    + TextReport.reached(verdict) + " | " + verdict.state() + " |");
        }
        if (!MarginPlot.of(result.verdicts()).isEmpty()) {
            lines.add("");
            lines.add("![By how much each demand is met or missed](margins.svg)");
        }
        for (Figure figure : Catalogue.FIGURES) {
            List<TextReport.TableRow> rows = TextReport.rows(figure, result.samples());
            if (!rows.isEmpty()) {
                lines.add("");
                lines.add("## " + figure.title());
                lines.add("");
                lines.add("| " + figure.unit() + (figure.moreIsBetter() ? ", more is better" : ", less is better")
                        + " | median | min | max | samples | ours ÷ it |");
                lines.add("| --- | ---: | ---: | ---: | ---: | ---: |");
                rows.forEach(row -> lines.add("| " + row.label() + " | " + row.median() + " | " + row.min() + " | "
                        + row.max() + " | " + row.samples() + " | " + row.ratio() + " |"));
            }
        }
        if (!result.broken().isEmpty() || !result.missing().isEmpty()) {
            lines.add("");
            lines.add("## Not measured");
            lines.add("");
            result.missing().forEach(what -> lines.add("- not here: " + what));
            result.broken().forEach(what -> lines.add("- broken: " + what));
        }
        return String.join("\n", lines) + "\n";
    }
}
