package dev.procpool.lab.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes all files of a run but its journal: data, environment, plots and reports. Files of the same name are replaced. */
public final class ReportWriter {
    /** JSON knows no NaN: what could not be computed is null. */
    private static final JsonSerializer<Double> NUMBER_OR_NULL =
            (value, type, context) -> Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .registerTypeAdapter(Double.class, NUMBER_OR_NULL)
            .registerTypeAdapter(double.class, NUMBER_OR_NULL)
            .create();

    private ReportWriter() {}

    /**
     * Writes the files; without plots where Java can't draw them, as on servers without a font.
     *
     * @param simulateCores the core counts of the simulated machines
     * @return the verdict, in sentences, and why there are no plots
     */
    public static List<String> write(Path folder, Run run, List<Integer> simulateCores) throws IOException {
        return write(folder, run, simulateCores, Plot.whyItCannotDraw());
    }

    static List<String> write(Path folder, Run run, List<Integer> simulateCores, Optional<String> whyNoPlots)
            throws IOException {
        Map<String, Section> sections = new LinkedHashMap<>();
        put(sections, "scaling", ScalingSection.of(run));
        put(sections, "crossover", CrossoverSection.of(run));
        put(sections, "heaps", HeapsSection.of(run));
        put(sections, "classic", ClassicSection.of(run));
        put(sections, "reuse", ReuseSection.of(run));
        put(sections, "simulation", SimulationSection.of(run, simulateCores));
        List<String> verdict = run.voidBecause() != null
                ? List.of("VOID, nothing here can be believed: " + run.voidBecause())
                : sections.values().stream()
                        .flatMap(section -> section.verdict().stream())
                        .toList();

        Files.writeString(folder.resolve("data.csv"), CsvData.of(run.measurements()));
        Files.writeString(folder.resolve("environment.json"), GSON.toJson(run.environments()) + "\n");
        Files.writeString(folder.resolve("data.json"), GSON.toJson(json(run, sections, verdict)) + "\n");
        List<Block> blocks = blocks(run, sections, verdict);
        Optional<String> noPlots = whyNoPlots.map(why -> "No plots: this Java can't draw text (" + why + "). Install"
                + " fontconfig, a font and what else it names, and give the same command again: it makes them from what was"
                + " measured.");
        if (noPlots.isPresent()) {
            blocks.removeIf(Block.Figure.class::isInstance);
            blocks.add(0, new Block.Paragraph(noPlots.get()));
        }
        for (Block block : blocks) {
            if (block instanceof Block.Figure figure) {
                Files.write(
                        folder.resolve(figure.plot().name() + ".png"),
                        figure.plot().png());
                Files.writeString(
                        folder.resolve(figure.plot().name() + ".svg"),
                        figure.plot().svg());
            }
        }
        String title = "Scaling lab: " + folder.getFileName();
        Files.writeString(folder.resolve("report.md"), Markdown.of(title, blocks));
        Files.writeString(folder.resolve("report.html"), Html.of(title, blocks));
        return Stream.concat(verdict.stream(), noPlots.stream()).toList();
    }

    private static void put(Map<String, Section> sections, String name, Optional<Section> section) {
        section.ifPresent(present -> sections.put(name, present));
    }

    private static Map<String, Object> json(Run run, Map<String, Section> sections, List<String> verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("command", run.command());
        json.put("parameters", run.parameters());
        json.put("environments", run.environments());
        json.put("verdict", verdict);
        Map<String, Object> results = new LinkedHashMap<>();
        sections.forEach((name, section) -> results.put(name, section.data()));
        json.put("results", results);
        json.put("measurements", run.measurements());
        return json;
    }

    private static List<Block> blocks(Run run, Map<String, Section> sections, List<String> verdict) {
        List<Block> blocks = new ArrayList<>();
        if (run.measurements().size() < run.planned()) {
            blocks.add(new Block.Paragraph("Not finished: " + run.measurements().size() + " of " + run.planned()
                    + " measurements were made. Intervals are wider than they would be, and what has no figures yet is"
                    + " missing. The same command goes on from here."));
        }
        blocks.add(new Block.Heading(2, "Verdict"));
        blocks.add(new Block.Bullets(verdict.isEmpty() ? List.of("Nothing was measured yet.") : verdict));
        blocks.addAll(MethodSection.of(run));
        sections.values().stream().flatMap(section -> section.blocks().stream()).forEach(blocks::add);
        return blocks;
    }
}
