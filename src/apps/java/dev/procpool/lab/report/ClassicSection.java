package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The classic table: the two commands by worker count, beside CPython running the same jobs. */
final class ClassicSection {
    private final Run run;
    private final Samples samples;

    /**
     * A line of the table.
     *
     * @param workers how many workers
     * @param ours seconds for our whole command
     * @param oursPrinted seconds that our command printed
     * @param cpython seconds for CPython's whole command
     * @param cpythonPrinted seconds that CPython's command printed
     */
    private record Row(int workers, Interval ours, Interval oursPrinted, Interval cpython, Interval cpythonPrinted) {}

    private ClassicSection(Run run) {
        this.run = run;
        this.samples = new Samples(run.measurements(), Experiment.CLASSIC);
    }

    static Optional<Section> of(Run run) {
        return new ClassicSection(run).build();
    }

    private Optional<Section> build() {
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        List<String> verdict = new ArrayList<>();
        Map<String, Object> data = new LinkedHashMap<>();
        blocks.add(new Block.Heading(2, "The classic table"));
        blocks.add(
                new Block.Paragraph(
                        "The whole command, from start to exit, and in the columns “printed” the elapsed time"
                                + " that it prints itself. CPython runs its own ProcessPoolExecutor; its SHA-256 is OpenSSL's native code,"
                                + " its RC4 is written in Python, since CPython has none, and so shows the language and not the pool."));
        for (String job : List.of("arcfour", "sha")) {
            List<Row> rows = rows(job);
            if (!rows.isEmpty()) {
                blocks.add(new Block.Heading(3, job + "-futures"));
                blocks.add(table(rows));
                blocks.add(new Block.Figure(
                        plot(job, rows),
                        "The whole command by worker count; the machine has " + run.cores() + " cores."));
                verdict.addAll(sentence(job, rows));
                data.put(job, rows);
            }
        }
        return Optional.of(new Section(blocks, verdict, data));
    }

    private List<Row> rows(String job) {
        return samples.where(c -> c.job().equals(job) && c.executor().equals("processes")).stream()
                .sorted(Comparator.comparing(Configuration::workers))
                .map(ours -> row(
                        ours,
                        samples.first(c -> c.job().equals(job)
                                && c.executor().equals("cpython")
                                && c.workers() == ours.workers())))
                .toList();
    }

    private Row row(Configuration ours, Optional<Configuration> cpython) {
        Interval none = Interval.unknown(Double.NaN);
        return new Row(
                ours.workers(),
                samples.median(ours, Metric.COMMAND),
                samples.median(ours, Metric.PRINTED),
                cpython.map(c -> samples.median(c, Metric.COMMAND)).orElse(none),
                cpython.map(c -> samples.median(c, Metric.PRINTED)).orElse(none));
    }

    private static Block table(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            cells.add(List.of(
                    Integer.toString(row.workers),
                    Numbers.with(row.ours, Numbers::seconds),
                    Numbers.seconds(row.oursPrinted.estimate()),
                    Numbers.with(row.cpython, Numbers::seconds),
                    Numbers.seconds(row.cpythonPrinted.estimate()),
                    Numbers.digits(row.cpython.estimate() / row.ours.estimate())));
        }
        return new Block.Table(
                1, List.of("workers", "procpool", "printed", "CPython", "printed", "CPython ÷ procpool"), cells);
    }

    private static Plot plot(String job, List<Row> rows) {
        List<Double> workers = rows.stream().map(row -> (double) row.workers).toList();
        int max = rows.get(rows.size() - 1).workers;
        Plot plot = new Plot("classic-" + job, "the whole command " + job + "-futures", "workers", "elapsed time in s")
                .wholeX(0, max + 1)
                .fromZero()
                .measured("procpool", workers, rows.stream().map(Row::ours).toList());
        List<Row> both = rows.stream()
                .filter(row -> !Double.isNaN(row.cpython.estimate()))
                .toList();
        if (!both.isEmpty()) {
            plot.measured(
                    "CPython",
                    both.stream().map(row -> (double) row.workers).toList(),
                    both.stream().map(Row::cpython).toList());
        }
        return plot;
    }

    private static List<String> sentence(String job, List<Row> rows) {
        return rows.stream()
                .filter(row -> !Double.isNaN(row.cpython.estimate()))
                .min(Comparator.comparingDouble(row -> Math.abs(row.workers - 4)))
                .map(row -> job + "-futures with " + Numbers.workers(row.workers) + ": "
                        + Numbers.seconds(row.ours.estimate()) + " for the whole command, CPython "
                        + Numbers.seconds(row.cpython.estimate()) + ".")
                .stream()
                .toList();
    }
}
