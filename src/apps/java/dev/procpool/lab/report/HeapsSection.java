package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.HeapMeasurer;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The latency of a victim beside a task that allocates hard: one heap for all against a heap for each. */
final class HeapsSection {
    private static final List<String> CONTESTANTS = List.of("threads", "threads-zgc", "processes");
    private static final List<Metric> TAIL = List.of(
            Metric.LATENCY_P50, Metric.LATENCY_P90, Metric.LATENCY_P99, Metric.LATENCY_P999, Metric.LATENCY_MAX);
    private static final List<String> TAIL_NAMES = List.of("50%", "90%", "99%", "99.9%", "slowest");

    private final Samples samples;
    private final List<Row> rows = new ArrayList<>();

    /**
     * A contestant.
     *
     * @param executor threads with G1, threads with ZGC, or processes
     * @param job with or without neighbours
     * @param latencies seconds that 50%, 90%, 99%, 99.9% and all of the victims kept
     * @param allocated bytes a second that the neighbours allocated
     */
    private record Row(String executor, String job, List<Interval> latencies, Interval allocated) {
        Interval p99() {
            return latencies.get(2);
        }
    }

    private HeapsSection(Run run) {
        samples = new Samples(run.measurements(), Experiment.HEAPS);
    }

    static Optional<Section> of(Run run) {
        return new HeapsSection(run).build();
    }

    private Optional<Section> build() {
        for (String executor : CONTESTANTS) {
            for (String job : List.of(HeapMeasurer.ALONE, HeapMeasurer.BESIDE_HOGS)) {
                samples.first(c -> c.executor().equals(executor) && c.job().equals(job))
                        .ifPresent(c -> rows.add(row(c)));
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(new Section(blocks(), verdict(), Map.of("rows", rows)));
    }

    private Row row(Configuration c) {
        return new Row(
                c.executor(),
                c.job(),
                TAIL.stream().map(metric -> samples.median(c, metric)).toList(),
                samples.median(c, Metric.ALLOCATED));
    }

    private Optional<Row> beside(String executor) {
        return rows.stream()
                .filter(row -> row.executor.equals(executor) && row.job.equals(HeapMeasurer.BESIDE_HOGS))
                .findFirst();
    }

    private List<String> verdict() {
        Optional<Row> threads = beside("threads");
        Optional<Row> processes = beside("processes");
        if (threads.isEmpty() || processes.isEmpty()) {
            return List.of();
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(
                "Beside a task that allocates hard, separate heaps (processes) against one heap (threads with G1): "
                        + against(processes.get(), threads.get()));
        beside("threads-zgc")
                .ifPresent(zgc -> sentences.add("Separate heaps against one heap with ZGC: "
                        + against(processes.get(), zgc)
                        + " What the neighbours allocated meanwhile: " + rate(processes.get().allocated)
                        + " with processes, " + rate(threads.get().allocated) + " with G1, " + rate(zgc.allocated)
                        + " with ZGC."));
        return sentences;
    }

    private String against(Row separate, Row shared) {
        double[] one = p99Samples(separate);
        double[] other = p99Samples(shared);
        return better(one, other) + "; 99% of the victim's tasks end within "
                + Numbers.seconds(separate.p99().estimate()) + " and "
                + Numbers.seconds(shared.p99().estimate()) + ".";
    }

    private static String better(double[] separate, double[] shared) {
        if (Math.min(separate.length, shared.length) < 2) {
            return "too few measurements for a verdict";
        } else if (Comparison.isClearlyLess(separate, shared)) {
            return "separate heaps keep the better tail";
        }
        return Comparison.isClearlyLess(shared, separate) ? "one heap keeps the better tail" : "no clear winner";
    }

    private double[] p99Samples(Row row) {
        return samples.first(c -> c.executor().equals(row.executor) && c.job().equals(row.job))
                .map(c -> samples.of(c, Metric.LATENCY_P99))
                .orElse(new double[0]);
    }

    private static String rate(Interval bytesPerSecond) {
        return Numbers.digits(bytesPerSecond.estimate() / 1e9) + " GB/s";
    }

    private List<Block> blocks() {
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<String> line = new ArrayList<>(List.of(row.executor, row.job));
            row.latencies.forEach(latency -> line.add(Numbers.with(latency, Numbers::seconds)));
            line.add(row.allocated.estimate() == 0 ? "–" : rate(row.allocated));
            cells.add(line);
        }
        List<String> header = new ArrayList<>(List.of("executor", "job"));
        header.addAll(TAIL_NAMES);
        header.add("allocated");
        Plot plot = new Plot(
                        "latency-tail",
                        "latency of a 100 µs task, by what allocates beside it",
                        "one task in … is slower",
                        "latency in ms")
                .logarithmicX()
                .logarithmicY();
        for (Row row : rows) {
            plot.measured(
                    row.executor + (row.job.equals(HeapMeasurer.ALONE) ? ", alone" : ", beside"),
                    List.of(2.0, 10.0, 100.0, 1000.0),
                    row.latencies.subList(0, 4).stream()
                            .map(l -> l.map(s -> s * 1e3))
                            .toList());
        }
        return List.of(
                new Block.Heading(2, "Separate heaps"),
                new Block.Paragraph(
                        "A task of 100 µs arrives every 2 ms, whatever became of the one before, and its latency"
                                + " counts from then. Beside it, on all workers but one, tasks allocate without end and hold a third"
                                + " of the heap. All have 1 GiB of heap in all: threads one heap (G1, or ZGC), processes an equal"
                                + " share each."),
                new Block.Table(2, header, cells),
                new Block.Figure(
                        plot,
                        "The tail: at 100 on the x axis stands the latency that one task in a hundred exceeds. Dashed and"
                                + " marked by executor; “alone” is without neighbours."));
    }
}
