package dev.procpool.lab;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.measure.Parameters;
import dev.procpool.lab.report.Run;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Parameters and measurements that were never measured. */
public final class LabFixtures {
    private static final Parameters PARAMETERS = parameters(1, Experiment.values());

    /** What {@link #run} would measure. */
    static final List<Trial> PLAN = Plan.of(PARAMETERS, 2, true);

    private LabFixtures() {}

    /** Parameters of a small run. */
    public static Parameters parameters(long seed, Experiment... experiments) {
        return parameters(seed, false, experiments);
    }

    static Parameters parameters(long seed, boolean quick, Experiment... experiments) {
        Set<Experiment> chosen = EnumSet.noneOf(Experiment.class);
        chosen.addAll(List.of(experiments));
        return new Parameters(
                chosen,
                List.of("arcfour", "sha"),
                new TreeSet<>(List.of(1, 2, 4)),
                List.of("processes", "threads", "sequential"),
                "bc",
                12,
                null,
                5,
                3,
                quick,
                seed,
                null,
                List.of());
    }

    /** A run of all experiments whose first measurements were made. */
    static Run run(int measured, @Nullable String voidBecause) {
        return new Run(
                PARAMETERS,
                List.of(environment("some CPU")),
                PLAN.stream().limit(measured).map(LabFixtures::imagine).toList(),
                PLAN.size(),
                "bin/scaling --quick",
                voidBecause);
    }

    /** A run of all experiments that went to its end. */
    public static Run wholeRun() {
        return run(PLAN.size(), null);
    }

    /** A measurement of a made-up machine with two cores, on which processes are a little slower than threads. */
    static Measurement imagine(Trial trial) {
        Configuration c = trial.configuration();
        Random random = new Random(c.toString().hashCode() * 31L + trial.round());
        double noise = Math.exp(0.01 * random.nextGaussian());
        Map<Metric, double[]> values = new EnumMap<>(Metric.class);
        switch (c.experiment()) {
            case SCALING -> {
                double service = 0.01;
                double batch = service * c.count() / Math.min(2, c.workers()) * noise * penalty(c.executor());
                values.put(Metric.STARTUP, new double[] {0.1 * noise});
                values.put(Metric.COLD_BATCH, new double[] {3 * batch});
                values.put(Metric.BATCH, new double[] {batch, 1.01 * batch, 0.99 * batch});
                values.put(Metric.SERVICE, services(values.get(Metric.BATCH), c));
                values.put(Metric.BETWEEN, new double[] {0, 0, 0});
                values.put(Metric.ENDS, new double[] {1e-4, 1e-4, 1e-4});
                values.put(Metric.SUBMIT, new double[] {1e-5, 1e-5, 1e-5});
                values.put(Metric.PARENT_CPU, new double[] {0.01});
                values.put(Metric.CHILDREN_CPU, new double[] {0.12});
                values.put(Metric.PARENT_PEAK, new double[] {100e6});
                values.put(Metric.CHILDREN_PEAK, new double[] {80e6 * c.workers()});
            }
            case CROSSOVER -> {
                double task = c.size() * 1e-9 + (c.executor().equals("processes") ? 3e-6 : 1e-6);
                values.put(Metric.BATCH, new double[] {task * c.count() / c.workers() * noise});
            }
            case HEAPS -> {
                double scale = c.executor().equals("processes") ? 1 : 4;
                values.put(Metric.LATENCY_P50, new double[] {0.0002 * noise});
                values.put(Metric.LATENCY_P90, new double[] {0.0003 * noise});
                values.put(Metric.LATENCY_P99, new double[] {0.001 * scale * noise});
                values.put(Metric.LATENCY_P999, new double[] {0.004 * scale * noise});
                values.put(Metric.LATENCY_MAX, new double[] {0.01 * scale * noise});
                values.put(Metric.ALLOCATED, new double[] {1e9 * noise});
            }
            case CLASSIC -> {
                values.put(Metric.COMMAND, new double[] {0.5 * noise});
                values.put(Metric.PRINTED, new double[] {0.3 * noise});
            }
            case REUSE -> {
                double each = c.executor().equals("spawn") ? 0.2 : 0.01;
                values.put(Metric.COLD_BATCH, new double[] {(0.2 + each * c.count()) * noise});
            }
            case COSTS -> {
                double task = c.count() == 1 ? 20e-6 : 1e-6 + c.size() * 1e-9;
                values.put(Metric.BATCH, new double[] {task * c.count() * noise});
                values.put(Metric.PARENT_CPU, new double[] {task * c.count() * noise});
            }
        }
        return new Measurement(c, trial.round(), values);
    }

    /** Equal shares of the batch for each task, as if dispatching cost nothing. */
    private static double[] services(double[] batches, Configuration c) {
        return Arrays.stream(batches)
                .flatMap(batch -> DoubleStream.generate(() -> batch * Math.min(2, c.workers()) / c.count())
                        .limit(c.count()))
                .toArray();
    }

    private static double penalty(String executor) {
        return executor.equals("processes") ? 1.02 : 1;
    }

    static Environment environment(String cpu) {
        return new Environment(
                new Environment.Machine(cpu, 2, "none", 8L << 30, "Linux 6", "17", List.of("G1"), "none"),
                "2030-01-01T00:00:00Z",
                List.of(0.1, 0.2, 0.3),
                List.of(),
                "Python 3.11",
                800);
    }
}
