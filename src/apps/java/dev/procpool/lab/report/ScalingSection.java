package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Bootstrap;
import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Elapsed time, speed-up and efficiency by worker count, what each executor costs, and what the scalability laws say. */
final class ScalingSection {
    /** How far apart curves stand at the same worker count, as a part of the axis. */
    private static final double SIDEWAYS = 0.012;

    private final Run run;
    private final Samples samples;
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> verdict = new ArrayList<>();
    private final Map<String, Object> data = new LinkedHashMap<>();

    /**
     * A row of the result.
     *
     * @param executor the executor
     * @param workers how many workers
     * @param elapsed seconds for a batch in the steady state
     * @param speedUp over the reference
     * @param efficiency the speed-up for each worker
     * @param startUp seconds to the first result
     * @param coldBatch seconds for the first batch
     * @param parentCpu CPU seconds of the parent for a batch
     * @param childrenCpu CPU seconds of the children for a batch
     * @param parentPeak bytes of peak memory of the parent
     * @param childrenPeak bytes of peak memory of the children
     */
    private record Row(
            String executor,
            int workers,
            Interval elapsed,
            Interval speedUp,
            Interval efficiency,
            Interval startUp,
            Interval coldBatch,
            double parentCpu,
            double childrenCpu,
            double parentPeak,
            double childrenPeak) {}

    private ScalingSection(Run run) {
        this.run = run;
        this.samples = new Samples(run.measurements(), Experiment.SCALING);
    }

    static Optional<Section> of(Run run) {
        return new ScalingSection(run).build();
    }

    private Optional<Section> build() {
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        blocks.add(new Block.Heading(2, "Which executor, how many workers"));
        blocks.add(
                new Block.Paragraph("Each figure is the median over fresh JVMs of the median batch in the steady state;"
                        + " in brackets its 99% bootstrap interval. Speed-up is over the sequential executor where it was"
                        + " measured, otherwise over one worker of the same executor."));
        for (String job : run.parameters().jobs()) {
            List<Configuration> ofJob = samples.where(c -> c.job().equals(job));
            if (!ofJob.isEmpty()) {
                addJob(job, ofJob);
            }
        }
        return Optional.of(new Section(blocks, verdict, data));
    }

    private void addJob(String job, List<Configuration> configurations) {
        List<Row> rows = configurations.stream()
                .map(c -> row(c, configurations))
                .sorted(Comparator.comparing(
                                (Row row) -> run.parameters().executors().indexOf(row.executor))
                        .thenComparing(Row::workers))
                .toList();
        Configuration any = configurations.get(0);
        blocks.add(new Block.Heading(3, title(any)));
        blocks.add(elapsedTable(rows));
        blocks.add(new Block.Figure(
                plot(
                                "elapsed-" + fileName(job),
                                "elapsed time of a batch, " + job,
                                "elapsed time in ms",
                                rows,
                                row -> row.elapsed.map(s -> s * 1e3))
                        .fromZero(),
                "Elapsed time of a batch of " + any.count() + " tasks against the number of workers."));
        List<Double> counts = rows.stream()
                .map(row -> (double) row.workers)
                .distinct()
                .sorted()
                .toList();
        Plot speedUp = plot("speedup-" + fileName(job), "speed-up, " + job, "speed-up", rows, Row::speedUp)
                .fromZero()
                .reference("one for each worker", counts, counts);
        if (counts.get(counts.size() - 1) > run.cores()) {
            speedUp.reference(
                    "limit of " + run.cores() + " cores",
                    counts,
                    counts.stream().map(n -> Math.min(n, run.cores())).toList());
        }
        blocks.add(new Block.Figure(speedUp, "Speed-up; what cores there are sets the limit, not the workers."));
        blocks.add(new Block.Figure(
                plot(
                                "efficiency-" + fileName(job),
                                "efficiency, " + job,
                                "speed-up for each worker",
                                rows,
                                Row::efficiency)
                        .fromZero(),
                "Efficiency: speed-up divided by workers. It must fall where there are more workers than cores."));
        blocks.add(costTable(rows));
        Map<String, SortedMap<Integer, double[]>> elapsed = elapsed(configurations);
        List<ScalingVerdict.Candidate> candidates = new ArrayList<>();
        elapsed.forEach((executor, times) -> candidates.add(ScalingVerdict.Candidate.of(executor, times)));
        verdict.addAll(ScalingVerdict.of(job, run.cores(), candidates));
        elapsed.remove("sequential");
        blocks.addAll(new FitTables(run.cores(), elapsed).blocks());
        data.put(job, rows);
    }

    private static String title(Configuration c) {
        return c.job() + ": " + c.count() + " tasks"
                + (c.size() > 0 ? " of " + Numbers.digits(c.size() / 1024.0) + " KiB" : "")
                + (c.provider().isEmpty() ? "" : ", provider " + c.provider());
    }

    static String fileName(String job) {
        return job.replaceAll("[^A-Za-z0-9]+", "-");
    }

    private Row row(Configuration c, List<Configuration> ofJob) {
        double[] elapsed = samples.of(c, Metric.BATCH);
        double[] reference = samples.of(reference(c, ofJob), Metric.BATCH);
        Interval speedUp = Bootstrap.ofRatio(reference, elapsed);
        return new Row(
                c.executor(),
                c.workers(),
                Bootstrap.ofMedian(elapsed),
                speedUp,
                speedUp.map(s -> s / c.workers()),
                samples.median(c, Metric.STARTUP),
                samples.median(c, Metric.COLD_BATCH),
                Bootstrap.median(samples.of(c, Metric.PARENT_CPU)),
                Bootstrap.median(samples.of(c, Metric.CHILDREN_CPU)),
                Bootstrap.median(samples.of(c, Metric.PARENT_PEAK)),
                Bootstrap.median(samples.of(c, Metric.CHILDREN_PEAK)));
    }

    private static Configuration reference(Configuration c, List<Configuration> ofJob) {
        return ofJob.stream()
                .filter(other -> other.executor().equals("sequential"))
                .findFirst()
                .or(() -> ofJob.stream()
                        .filter(other -> other.executor().equals(c.executor()) && other.workers() == 1)
                        .findFirst())
                .orElse(c);
    }

    private static Block elapsedTable(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            cells.add(List.of(
                    row.executor,
                    Integer.toString(row.workers),
                    Numbers.with(row.elapsed, Numbers::seconds),
                    Numbers.with(row.speedUp, Numbers::digits),
                    Numbers.with(row.efficiency, Numbers::percent)));
        }
        return new Block.Table(1, List.of("executor", "workers", "elapsed", "speed-up", "efficiency"), cells);
    }

    private static Block costTable(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            cells.add(List.of(
                    row.executor,
                    Integer.toString(row.workers),
                    Numbers.seconds(row.startUp.estimate()),
                    Numbers.seconds(row.coldBatch.estimate()),
                    Numbers.digits(row.coldBatch.estimate() / row.elapsed.estimate()),
                    Numbers.seconds(row.parentCpu),
                    Numbers.seconds(row.childrenCpu),
                    Numbers.mebibytes(row.parentPeak),
                    Numbers.mebibytes(row.childrenPeak)));
        }
        return new Block.Table(
                1,
                List.of(
                        "executor",
                        "workers",
                        "start-up",
                        "first batch",
                        "first ÷ steady",
                        "CPU parent",
                        "CPU children",
                        "memory parent",
                        "memory children"),
                cells);
    }

    private Plot plot(String name, String title, String yTitle, List<Row> rows, Function<Row, Interval> value) {
        int max = rows.stream().mapToInt(Row::workers).max().orElse(1);
        Plot plot = new Plot(name, title, "workers", yTitle).wholeX(0, max + 1);
        Map<String, List<Row>> byExecutor = new LinkedHashMap<>();
        rows.forEach(row -> byExecutor
                .computeIfAbsent(row.executor, ignored -> new ArrayList<>())
                .add(row));
        double step = SIDEWAYS * (max + 1);
        double shift = -step * (byExecutor.size() - 1) / 2;
        for (Map.Entry<String, List<Row>> curve : byExecutor.entrySet()) {
            double sideways = shift;
            plot.measured(
                    curve.getKey(),
                    curve.getValue().stream().map(row -> row.workers + sideways).toList(),
                    curve.getValue().stream().map(value).toList());
            shift += step;
        }
        return plot;
    }

    /** Seconds for a batch, one value for each measuring JVM, by executor and worker count. */
    private Map<String, SortedMap<Integer, double[]>> elapsed(List<Configuration> ofJob) {
        Map<String, SortedMap<Integer, double[]>> elapsed = new LinkedHashMap<>();
        for (String executor : run.parameters().executors()) {
            for (Configuration c : ofJob) {
                if (c.executor().equals(executor)) {
                    elapsed.computeIfAbsent(executor, ignored -> new TreeMap<>())
                            .put(c.workers(), samples.of(c, Metric.BATCH));
                }
            }
        }
        return elapsed;
    }
}
