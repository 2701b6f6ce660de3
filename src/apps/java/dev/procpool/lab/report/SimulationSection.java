package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Bootstrap;
import dev.procpool.lab.stats.PoolSimulator;
import dev.procpool.lab.stats.PoolSimulator.Costs;
import dev.procpool.lab.stats.PoolSimulator.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.hipparchus.stat.StatUtils;

/**
 * What this machine can't show: the measured service times and charges of the pool, replayed by {@link PoolSimulator} on
 * machines with more cores. Checked first where there is something to check it against: on one and two workers.
 */
final class SimulationSection {
    private static final double GOOD_EFFICIENCY = 0.9;
    private static final double TOLERANCE = 0.1;
    private static final double MIB = 1 << 20;
    private static final int TASKS_FOR_EACH_WORKER = 20;
    private static final double[] LENGTHS = {1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10};

    private final Run run;
    private final List<Integer> cores;
    private final Samples costSamples;
    private final Samples scaling;
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> verdict = new ArrayList<>();
    private final Map<String, Object> data = new LinkedHashMap<>();

    /**
     * A comparison of model and measurement.
     *
     * @param job the job
     * @param workers how many workers
     * @param predicted seconds for a batch by the model
     * @param measured seconds for a batch as measured
     */
    private record Check(String job, int workers, double predicted, double measured) {
        double error() {
            return predicted / measured - 1;
        }
    }

    private SimulationSection(Run run, List<Integer> cores) {
        this.run = run;
        this.cores = cores;
        this.costSamples = new Samples(run.measurements(), Experiment.COSTS);
        this.scaling = new Samples(run.measurements(), Experiment.SCALING);
    }

    static Optional<Section> of(Run run, List<Integer> cores) {
        return new SimulationSection(run, cores).build();
    }

    private Optional<Section> build() {
        Optional<Costs> measured = costs();
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        Costs costs = measured.get();
        SparkModel spark = SparkModel.of(costSamples);
        blocks.add(new Block.Heading(2, "Model: machines with more cores"));
        blocks.add(new Block.Paragraph(
                "Not a measurement. A discrete-event model of the pool replays what was measured here:"
                        + " the parent works " + Numbers.seconds(costs.dispatch()) + " for each task and "
                        + Numbers.seconds(costs.copyPerByte() * MIB)
                        + " for each MiB of argument, and an idle worker starts "
                        + Numbers.seconds(costs.wakeUp())
                        + " after its call was sent. Tasks of the jobs take as long as they took; what one thread needs to encode"
                        + " and submit them, what a batch needs until its first tasks run and from the end of its last, and what a"
                        + " worker needs between two are the medians of the job on "
                        + Numbers.workers(undisturbedWorkers())
                        + ". Tasks of a given length are charged with none of these. The model has a core for each worker"
                        + " and one for the parent; memory bandwidth and hyper-threads are in it only as far as they are in"
                        + " the service times measured here."));
        check(costs);
        replayJobs(costs);
        bottleneck(costs, spark);
        new SparkCrossover(costs, spark, cores).addTo(blocks, verdict, data);
        data.put("costs", costs);
        return Optional.of(new Section(blocks, verdict, data));
    }

    private Optional<Costs> costs() {
        List<Configuration> noops = costSamples.where(
                c -> c.executor().equals("processes") && c.job().equals("spin") && c.count() > 1);
        Optional<Configuration> trip = costSamples.first(
                c -> c.executor().equals("processes") && c.job().equals("spin") && c.count() == 1);
        if (noops.isEmpty() || trip.isEmpty()) {
            return Optional.empty();
        }
        // Each is an upper bound of what the parent does for a task, so the least of them is the closest.
        double dispatch = noops.stream()
                .flatMapToDouble(c -> DoubleStream.of(forEachTask(c, Metric.BATCH), forEachTask(c, Metric.PARENT_CPU)))
                .filter(seconds -> seconds > 0)
                .min()
                .orElse(0);
        double roundTrip = forEachTask(trip.get(), Metric.BATCH);
        double copyPerByte = costSamples.where(c -> c.job().equals("copy")).stream()
                .mapToDouble(c -> (forEachTask(c, Metric.BATCH) - roundTrip) / c.size())
                .filter(seconds -> seconds > 0)
                .min()
                .orElse(0);
        return Optional.of(new Costs(dispatch, 0, Math.max(0, roundTrip - dispatch), 0, copyPerByte));
    }

    /** NaN if it was not measured. */
    private double forEachTask(Configuration c, Metric metric) {
        return Bootstrap.median(costSamples.of(c, metric)) / c.count();
    }

    /** The charges for the tasks of a job: the medians of its batches. */
    private static Costs ofJob(Costs costs, Samples samples, Configuration job) {
        double encode = Math.max(0, median(samples, job, Metric.SUBMIT) - costs.dispatch() / 2);
        double wakeUp = median(samples, job, Metric.ENDS) - costs.dispatch() - encode;
        return costs.ofTasks(encode, Math.max(costs.wakeUp(), wakeUp), median(samples, job, Metric.BETWEEN));
    }

    /** The model has a core for the parent too, so its figures come from workers that didn't share one with it. */
    private Optional<Configuration> undisturbed(String job) {
        return processes(job, undisturbedWorkers()).or(() -> processes(job, 1));
    }

    private int undisturbedWorkers() {
        return Math.max(1, Math.min(2, run.cores() - 1));
    }

    private static double median(Samples samples, Configuration job, Metric metric) {
        double[] values = samples.of(job, metric);
        return values.length == 0 ? 0 : Bootstrap.median(values);
    }

    /**
     * Replays the batches of every other round with the times that their own tasks took, and charges what was seen in the
     * rounds between; so the model is not checked with what it was made of. Where there is but one round, with that.
     */
    private void check(Costs costs) {
        Samples charging = scaling.ofRounds(round -> round % 2 == 0);
        Samples checked = scaling.ofRounds(round -> round % 2 == 1);
        List<Check> checks = new ArrayList<>();
        for (String job : run.parameters().jobs()) {
            for (int workers : List.of(1, 2)) {
                processes(job, workers).ifPresent(configuration -> {
                    Costs ofJob = ofJob(costs, charging, configuration);
                    List<Samples.Batch> others = checked.batches(configuration);
                    List<Samples.Batch> batches = others.isEmpty() ? scaling.batches(configuration) : others;
                    checks.add(new Check(
                            job,
                            workers,
                            Bootstrap.median(batches.stream()
                                    .mapToDouble(batch -> PoolSimulator.run(ofJob, workers, batch.service(), 0)
                                            .elapsed())
                                    .toArray()),
                            Bootstrap.median(batches.stream()
                                    .mapToDouble(Samples.Batch::elapsed)
                                    .toArray())));
                });
            }
        }
        if (checks.isEmpty()) {
            return;
        }
        List<List<String>> rows = checks.stream()
                .map(check -> List.of(
                        check.job,
                        Integer.toString(check.workers),
                        Numbers.seconds(check.predicted),
                        Numbers.seconds(check.measured),
                        Numbers.percent(check.error())))
                .toList();
        blocks.add(new Block.Heading(3, "How far off the model is"));
        blocks.add(new Block.Table(1, List.of("job", "workers", "model", "measured", "error"), rows));
        double worst = checks.stream()
                .mapToDouble(check -> Math.abs(check.error()))
                .max()
                .orElse(0);
        verdict.add("The model was off by at most " + Numbers.percent(worst) + " at 1 and 2 workers"
                + (worst > TOLERANCE ? ", more than the 10% it should keep: take what it says with care." : "."));
        data.put("validation", checks);
    }

    private Optional<Configuration> processes(String job, int workers) {
        return scaling.first(c -> c.job().equals(job)
                && c.executor().equals("processes")
                && c.workers() == workers
                && !scaling.batches(c).isEmpty());
    }

    private void replayJobs(Costs costs) {
        List<List<String>> rows = new ArrayList<>();
        Map<String, Map<Integer, Result>> results = new LinkedHashMap<>();
        for (String job : run.parameters().jobs()) {
            Optional<Configuration> undisturbed = undisturbed(job);
            if (undisturbed.isPresent()) {
                List<Samples.Batch> batches = scaling.batches(undisturbed.get());
                double[] service = medians(batches);
                Costs ofJob = ofJob(costs, scaling, undisturbed.get());
                for (int n : cores) {
                    Result result = PoolSimulator.run(ofJob, n, cycle(service, n * TASKS_FOR_EACH_WORKER), 0);
                    results.computeIfAbsent(job, ignored -> new LinkedHashMap<>())
                            .put(n, result);
                    rows.add(List.of(
                            job,
                            Integer.toString(n),
                            Numbers.digits(result.efficiency() * n),
                            Numbers.percent(result.efficiency()),
                            Numbers.percent(result.parentBusy()),
                            Numbers.digits(StatUtils.mean(service) / (ofJob.dispatch() + ofJob.encode()))));
                }
            }
        }
        if (!rows.isEmpty()) {
            blocks.add(new Block.Heading(3, "The jobs on more cores"));
            blocks.add(new Block.Table(
                    1,
                    List.of("job", "cores", "model: speed-up", "efficiency", "parent busy", "parent's limit, workers"),
                    rows));
            data.put("jobs", results);
        }
    }

    /** Task by task. */
    private static double[] medians(List<Samples.Batch> batches) {
        double[] medians = new double[batches.get(0).service().length];
        for (int i = 0; i < medians.length; i++) {
            int task = i;
            medians[i] = Bootstrap.median(
                    batches.stream().mapToDouble(batch -> batch.service()[task]).toArray());
        }
        return medians;
    }

    private static double[] cycle(double[] service, int tasks) {
        double[] all = new double[tasks];
        Arrays.setAll(all, i -> service[i % service.length]);
        return all;
    }

    private void bottleneck(Costs costs, SparkModel spark) {
        List<List<String>> rows = new ArrayList<>();
        List<Double> lengths = Arrays.stream(LENGTHS).boxed().toList();
        Plot plot = new Plot(
                        "model-efficiency", "model: what one parent can keep busy", "task length", "efficiency in %")
                .logarithmicSeconds()
                .rangeY(0, 105);
        int most = cores.stream().max(Integer::compare).orElse(1);
        for (int n : cores) {
            double[] ours = efficiencies(costs, n, 0);
            double[] sparks = efficiencies(spark.costs(), n, 0);
            rows.add(List.of(
                    Integer.toString(n), goodFrom(ours), goodFrom(efficiencies(costs, n, MIB)), goodFrom(sparks)));
            plot.curve("procpool, " + n + " cores", lengths, percent(ours));
            if (n == most) {
                plot.curve("Spark, " + n + " cores", lengths, percent(sparks));
                verdict.add("Model: one parent keeps " + n + " workers 90% busy from tasks of " + goodFrom(ours)
                        + " on;" + " Spark's driver as many from tasks of " + goodFrom(sparks) + " on.");
            }
        }
        blocks.add(new Block.Heading(3, "Where the single parent becomes the bottleneck"));
        blocks.add(new Block.Paragraph("The shortest task at which the workers compute for 90% of the time, for tasks"
                + " submitted one by one. Shorter ones are for map, which sends many at a time. " + spark.describe()));
        blocks.add(new Block.Table(
                1, List.of("cores", "procpool: from tasks of", "with 1 MiB each", "Spark: from tasks of"), rows));
        blocks.add(new Block.Figure(plot, "A model. To the left of the bend the parent is the bottleneck."));
    }

    private static double[] efficiencies(Costs costs, int cores, double bytes) {
        return Arrays.stream(LENGTHS)
                .map(seconds -> efficiency(costs, cores, seconds, bytes))
                .toArray();
    }

    /** The fraction of the time in which {@code cores} workers compute, for many tasks of this length and size. */
    static double efficiency(Costs costs, int cores, double seconds, double bytes) {
        return PoolSimulator.run(costs, cores, cycle(new double[] {seconds}, cores * TASKS_FOR_EACH_WORKER), bytes)
                .efficiency();
    }

    private static List<Double> percent(double[] fractions) {
        return Arrays.stream(fractions).map(f -> f * 100).boxed().toList();
    }

    private static String goodFrom(double[] efficiencies) {
        for (int i = 0; i < LENGTHS.length; i++) {
            if (efficiencies[i] >= GOOD_EFFICIENCY) {
                return Numbers.seconds(LENGTHS[i]);
            }
        }
        return "more than " + Numbers.seconds(LENGTHS[LENGTHS.length - 1]);
    }
}
