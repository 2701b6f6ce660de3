package dev.procpool.lab.report;

import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.measure.Parameters;
import dev.procpool.lab.stats.Bootstrap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where and how it was measured. */
final class MethodSection {
    private static final double DRIFT = 0.1;

    private MethodSection() {}

    static List<Block> of(Run run) {
        Environment environment = run.environments().get(0);
        Environment.Machine machine = environment.machine();
        Parameters parameters = run.parameters();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("command", run.command()));
        rows.add(List.of(
                "CPU",
                machine.cpu() + ", " + machine.cores() + " cores for the JVM (cgroup cpu.max: " + machine.cgroupCpuMax()
                        + ")"));
        rows.add(List.of("memory", Numbers.mebibytes((double) machine.memoryBytes())));
        rows.add(List.of("system", machine.system()));
        rows.add(List.of("JDK", machine.jdk()));
        rows.add(List.of("collectors", String.join(", ", machine.collectors())));
        rows.add(List.of("JAVA_TOOL_OPTIONS", machine.javaToolOptions()));
        rows.add(List.of("CPython", environment.python()));
        for (Environment start : run.environments()) {
            rows.add(List.of(
                    "started", start.started() + ", load averages before " + Objects.toString(start.loadBefore())));
        }
        rows.add(List.of(
                "measured",
                run.measurements().size() + " of " + run.planned() + " measurements, " + parameters.repeat()
                        + " fresh JVMs for each configuration"
                        + (parameters.quick() ? " of scaling and crossover, 1 for the others" : "") + ", seed "
                        + parameters.seed()));
        steady(new Samples(run.measurements(), Experiment.SCALING)).ifPresent(row -> rows.add(row));
        return List.of(
                new Block.Heading(2, "Where and how"),
                new Block.Table(2, List.of("", ""), rows),
                new Block.Paragraph(
                        "Each measurement runs in a fresh JVM, so that no contestant inherits compiled code or a"
                                + " heap. The order is shuffled anew in each round, and each round measures every configuration"
                                + " at most once. A JVM measures its start-up, one cold batch, " + parameters.warmup()
                                + " warm-up batches (where workers are JVMs, as many for each; at most "
                                + Numbers.seconds(parameters.warmupTime(0).toMillis() / 1e3)
                                + longerForWorkers(parameters)
                                + "), and then the"
                                + " steady state; its figure is the median of the steady batches. Where tasks run in the"
                                + " measuring JVM 256 MiB of its heap are touched before, and all have huge pages where the"
                                + " kernel offers them: the first touch of memory is no part of the steady state."
                                + " Intervals are 99% bootstrap intervals over JVMs: the bootstrap gives the standard error, Student's"
                                + " t the width, so that few samples give wide intervals. All results are checked: each digest,"
                                + " each decrypted buffer, each checksum."
                                + (parameters.jobClass() == null
                                        ? ""
                                        : " Results of " + parameters.jobClass() + " can't be checked here.")));
    }

    /** How many JVMs still got faster, or slower, while they were measured: then the warm-up was too short. */
    private static Optional<List<String>> steady(Samples samples) {
        List<double[]> series = samples.series(Metric.BATCH).stream()
                .filter(batches -> batches.length > 1)
                .toList();
        long drifting = series.stream().filter(MethodSection::drifts).count();
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(List.of(
                        "steady state",
                        "in " + drifting + " of " + series.size()
                                + " measurements of scaling the second half of the batches" + " took at least "
                                + Numbers.percent(DRIFT) + " more or less time than the first"));
    }

    private static boolean drifts(double[] batches) {
        int half = batches.length / 2;
        double first = Bootstrap.median(Arrays.copyOf(batches, half));
        double second = Bootstrap.median(Arrays.copyOfRange(batches, batches.length - half, batches.length));
        return Math.abs(Math.log(second / first)) >= Math.log1p(DRIFT);
    }

    private static String longerForWorkers(Parameters parameters) {
        Duration more = parameters.warmupTime(1).minus(parameters.warmupTime(0));
        return more.isZero()
                ? ""
                : " and " + Numbers.seconds(more.toMillis() / 1e3) + " more for each worker that is a JVM";
    }
}
