package dev.procpool.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables for a terminal. */
final class TextReport {
    private static final int LABEL = 38;
    private static final int NUMBER = 12;

    private TextReport() {}

    static String of(BenchResult result) {
        StringBuilder text = new StringBuilder();
        for (Figure figure : Catalogue.FIGURES) {
            append(figure, result.samples(), text);
        }
        appendVerdicts(result.verdicts(), text);
        result.missing().forEach(what -> text.append("not here: ").append(what).append('\n'));
        result.broken().forEach(what -> text.append("broken: ").append(what).append('\n'));
        return text.toString();
    }

    private static void append(Figure figure, Samples samples, StringBuilder text) {
        List<String> lines =
                rows(figure, samples).stream().map(TextReport::line).toList();
        if (!lines.isEmpty()) {
            text.append(figure.title())
                    .append("; ")
                    .append(figure.unit())
                    .append(figure.moreIsBetter() ? ", more is better\n" : ", less is better\n")
                    .append(line(new TableRow("", "median", "min", "max", "samples", "ours ÷ it")));
            lines.forEach(text::append);
            text.append('\n');
        }
    }

    /** The cells of a line. */
    record TableRow(String label, String median, String min, String max, String samples, String ratio) {}

    /** The lines of a figure, of those who were measured. */
    static List<TableRow> rows(Figure figure, Samples samples) {
        Optional<Spread> ours = samples.spread(figure.rows().get(0).samples());
        List<TableRow> rows = new ArrayList<>();
        for (int i = 0; i < figure.rows().size(); i++) {
            Figure.Row row = figure.rows().get(i);
            boolean compared = i > 0 && ours.isPresent();
            samples.spread(row.samples())
                    .ifPresent(spread -> rows.add(new TableRow(
                            row.label(),
                            Digits.of(spread.median()),
                            Digits.of(spread.min()),
                            Digits.of(spread.max()),
                            Integer.toString(spread.count()),
                            compared ? Digits.ratio(ours.get().median() / spread.median()) : "")));
        }
        return rows;
    }

    private static String line(TableRow row) {
        return "  " + left(row.label(), LABEL) + right(row.median(), NUMBER) + right(row.min(), NUMBER)
                + right(row.max(), NUMBER) + right(row.samples(), NUMBER - 3) + right(row.ratio(), NUMBER) + "\n";
    }

    private static void appendVerdicts(List<Demand.Verdict> verdicts, StringBuilder text) {
        if (verdicts.isEmpty()) {
            return;
        }
        int width = verdicts.stream()
                        .mapToInt(verdict -> verdict.demand().what().length())
                        .max()
                        .orElse(0)
                + 2;
        text.append(left("demand", width))
                .append(right("bound", 18))
                .append(right("reached", NUMBER))
                .append("  verdict\n");
        for (Demand.Verdict verdict : verdicts) {
            text.append(left(verdict.demand().what(), width))
                    .append(right(bound(verdict.demand()), 18))
                    .append(right(reached(verdict), NUMBER))
                    .append("  ")
                    .append(verdict.state())
                    .append('\n');
        }
    }

    static String bound(Demand demand) {
        return (demand.atLeast() ? "≥ " : "≤ ") + Digits.of(demand.bound()) + demand.unit();
    }

    static String reached(Demand.Verdict verdict) {
        return verdict.reached().isEmpty()
                ? ""
                : Digits.of(verdict.reached().getAsDouble()) + (verdict.demand().theirs() == null ? "" : "×");
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }
}
