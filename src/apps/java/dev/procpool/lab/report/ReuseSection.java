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

/** A pool that is used again against a process for each task, from a cold start to the last result. */
final class ReuseSection {
    private final Run run;
    private final Samples samples;

    /**
     * A number of tasks.
     *
     * @param tasks how many
     * @param pool seconds with the pool, its start included
     * @param spawn seconds with a process for each
     * @param ratio how many times as long spawning takes
     */
    private record Row(int tasks, Interval pool, Interval spawn, Interval ratio) {}

    private ReuseSection(Run run) {
        this.run = run;
        this.samples = new Samples(run.measurements(), Experiment.REUSE);
    }

    static Optional<Section> of(Run run) {
        return new ReuseSection(run).build();
    }

    private Optional<Section> build() {
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        List<String> verdict = new ArrayList<>();
        Map<String, Object> data = new LinkedHashMap<>();
        blocks.add(new Block.Heading(2, "What reuse saves"));
        blocks.add(new Block.Paragraph("From the creation of the executor to the last result, with cold code, on "
                + Numbers.workers(run.cores()) + ": a pool, its start included, against a new JVM for each task."));
        for (String job : run.parameters().jobs()) {
            List<Row> rows = rows(job);
            if (!rows.isEmpty()) {
                add(job, rows, blocks);
                Row most = rows.get(rows.size() - 1);
                verdict.add(job + ": for " + most.tasks + " tasks a process for each takes "
                        + Numbers.digits(most.ratio.estimate()) + " times as long as a pool, "
                        + Numbers.seconds(most.spawn.estimate()) + " against " + Numbers.seconds(most.pool.estimate())
                        + ".");
                data.put(job, rows);
            }
        }
        return Optional.of(new Section(blocks, verdict, data));
    }

    private List<Row> rows(String job) {
        List<Row> rows = new ArrayList<>();
        for (Configuration pool :
                samples.where(c -> c.job().equals(job) && c.executor().equals("processes"))) {
            samples.first(c -> c.job().equals(job) && c.executor().equals("spawn") && c.count() == pool.count())
                    .ifPresent(spawn -> rows.add(new Row(
                            pool.count(),
                            samples.median(pool, Metric.COLD_BATCH),
                            samples.median(spawn, Metric.COLD_BATCH),
                            Bootstrap.ofRatio(
                                    samples.of(spawn, Metric.COLD_BATCH), samples.of(pool, Metric.COLD_BATCH)))));
        }
        rows.sort(Comparator.comparing(Row::tasks));
        return rows;
    }

    private static void add(String job, List<Row> rows, List<Block> blocks) {
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            cells.add(List.of(
                    Integer.toString(row.tasks),
                    Numbers.with(row.pool, Numbers::seconds),
                    Numbers.with(row.spawn, Numbers::seconds),
                    Numbers.with(row.ratio, Numbers::digits)));
        }
        blocks.add(new Block.Heading(3, job));
        blocks.add(new Block.Table(1, List.of("tasks", "pool", "spawn for each", "spawn ÷ pool"), cells));
        List<Double> tasks = rows.stream().map(row -> (double) row.tasks).toList();
        blocks.add(new Block.Figure(
                new Plot(
                                "reuse-" + ScalingSection.fileName(job),
                                "a cold start to the last result, " + job,
                                "tasks",
                                "elapsed time in s")
                        .wholeX(0, rows.get(rows.size() - 1).tasks + 1)
                        .fromZero()
                        .measured("pool", tasks, rows.stream().map(Row::pool).toList())
                        .measured(
                                "spawn for each task",
                                tasks,
                                rows.stream().map(Row::spawn).toList()),
                "The pool pays for its start once; spawning pays for each task."));
    }
}
