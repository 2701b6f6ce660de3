package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Bootstrap;
import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What processes cost over threads, by task length, and from which length on that is below 5%. */
final class CrossoverSection {
    private static final double LIMIT = 0.05;
    private static final double NANOS = 1e-9;

    private final Samples samples;
    private final List<Point> points = new ArrayList<>();

    /**
     * A task length.
     *
     * @param seconds the length
     * @param threads seconds of a worker for each task on threads
     * @param processes seconds of a worker for each task on processes
     * @param overhead what processes take longer, as a fraction
     */
    private record Point(double seconds, Interval threads, Interval processes, Interval overhead) {}

    private CrossoverSection(Run run) {
        samples = new Samples(run.measurements(), Experiment.CROSSOVER);
    }

    static Optional<Section> of(Run run) {
        return new CrossoverSection(run).build();
    }

    private Optional<Section> build() {
        List<double[]> groups = new ArrayList<>();
        List<Double> lengths = new ArrayList<>();
        TreeSet<Long> sizes = new TreeSet<>();
        samples.where(c -> true).forEach(c -> sizes.add(c.size()));
        for (long size : sizes) {
            Optional<Configuration> threads = find("threads", size);
            Optional<Configuration> processes = find("processes", size);
            if (threads.isPresent() && processes.isPresent()) {
                double[] threadTimes = perTask(threads.get());
                double[] processTimes = perTask(processes.get());
                groups.add(threadTimes);
                groups.add(processTimes);
                lengths.add(size * NANOS);
                points.add(new Point(
                        size * NANOS,
                        Bootstrap.ofMedian(threadTimes),
                        Bootstrap.ofMedian(processTimes),
                        Bootstrap.ofRatio(processTimes, threadTimes).map(ratio -> ratio - 1)));
            }
        }
        if (points.isEmpty()) {
            return Optional.empty();
        }
        Interval crossover = Bootstrap.ofPositive(groups, resampled -> crossover(lengths, resampled))
                .clamp(lengths.get(0), lengths.get(lengths.size() - 1));
        int workers = find("threads", sizes.first()).map(Configuration::workers).orElse(1);
        return Optional.of(new Section(
                blocks(workers),
                List.of(sentence(crossover)),
                Map.of("points", points, "crossoverSeconds", crossover)));
    }

    private Optional<Configuration> find(String executor, long size) {
        return samples.first(c -> c.executor().equals(executor) && c.size() == size);
    }

    /** Seconds of a worker for each task: the batch, times the workers, divided by the tasks. */
    private double[] perTask(Configuration c) {
        double[] times = samples.of(c, Metric.BATCH);
        for (int i = 0; i < times.length; i++) {
            times[i] = times[i] * c.workers() / c.count();
        }
        return times;
    }

    /**
     * The length from which on the overhead stays below the limit: between the last length above it and the next, by
     * interpolation of the logarithms. NaN when the longest is above it; the shortest when none is.
     */
    static double crossover(List<Double> lengths, List<double[]> groups) {
        double[] overhead = new double[lengths.size()];
        for (int i = 0; i < overhead.length; i++) {
            overhead[i] = Bootstrap.median(groups.get(2 * i + 1)) / Bootstrap.median(groups.get(2 * i)) - 1;
        }
        overhead = falling(overhead);
        double crossover = lengths.get(0);
        for (int i = 0; i < overhead.length && overhead[i] > LIMIT; i++) {
            if (i + 1 == overhead.length) {
                return Double.NaN;
            }
            double next = Math.max(overhead[i + 1], LIMIT / 100);
            double way = next >= LIMIT ? 1 : Math.log(overhead[i] / LIMIT) / Math.log(overhead[i] / next);
            crossover = lengths.get(i) * Math.pow(lengths.get(i + 1) / lengths.get(i), way);
        }
        return crossover;
    }

    /**
     * The falling sequence that is closest to this one, by least squares: what a task pays for its dispatch weighs the less
     * the longer it is, so where a longer one seems to pay more, that is noise, and both are given their mean (pool adjacent
     * violators).
     */
    static double[] falling(double[] values) {
        double[] means = new double[values.length];
        int[] sizes = new int[values.length];
        int blocks = 0;
        for (double value : values) {
            means[blocks] = value;
            sizes[blocks++] = 1;
            while (blocks > 1 && means[blocks - 1] > means[blocks - 2]) {
                int size = sizes[blocks - 2] + sizes[blocks - 1];
                means[blocks - 2] =
                        (means[blocks - 2] * sizes[blocks - 2] + means[blocks - 1] * sizes[blocks - 1]) / size;
                sizes[blocks - 2] = size;
                blocks--;
            }
        }
        double[] falling = new double[values.length];
        for (int block = 0, from = 0; block < blocks; from += sizes[block++]) {
            Arrays.fill(falling, from, from + sizes[block], means[block]);
        }
        return falling;
    }

    private static String sentence(Interval crossover) {
        if (Double.isNaN(crossover.estimate())) {
            return "Processes cost more than 5% over threads even for the longest tasks measured.";
        } else if (!crossover.isKnown()) {
            return "Where processes begin to cost less than 5% over threads: too few measurements for a verdict.";
        }
        return "Short tasks are for threads, or for map, which sends many at a time; processes cost less than 5% over"
                + " threads from tasks of about " + Numbers.with(crossover, Numbers::seconds) + " on.";
    }

    private List<Block> blocks(int workers) {
        List<List<String>> rows = new ArrayList<>();
        for (Point point : points) {
            rows.add(List.of(
                    Numbers.seconds(point.seconds),
                    Numbers.with(point.threads, Numbers::seconds),
                    Numbers.with(point.processes, Numbers::seconds),
                    Numbers.with(point.overhead, Numbers::percent)));
        }
        List<Double> lengths = points.stream().map(Point::seconds).toList();
        List<Double> ends = List.of(lengths.get(0), lengths.get(lengths.size() - 1));
        Plot time = new Plot(
                        "crossover-time",
                        "what a task of a given length takes, " + Numbers.workers(workers),
                        "task length",
                        "worker time for a task")
                .logarithmicSeconds()
                .logarithmicSecondsY()
                .measured(
                        "threads", lengths, points.stream().map(Point::threads).toList())
                .measured(
                        "processes",
                        lengths,
                        points.stream().map(Point::processes).toList())
                .reference("the task alone", lengths, lengths);
        Plot overhead = new Plot(
                        "crossover-overhead",
                        "processes against threads, " + Numbers.workers(workers),
                        "task length",
                        "time on processes ÷ time on threads")
                .logarithmicSeconds()
                .ratioY(points.stream()
                        .mapToDouble(point -> 1 + point.overhead.estimate())
                        .max()
                        .orElse(1))
                .measured(
                        "processes",
                        lengths,
                        points.stream().map(p -> p.overhead.map(f -> 1 + f)).toList())
                .reference("threads", ends, List.of(1.0, 1.0))
                .reference("5% more", ends, List.of(1 + LIMIT, 1 + LIMIT));
        return List.of(
                new Block.Heading(2, "From what task length on processes cost nothing"),
                new Block.Paragraph("Tasks that only compute, submitted one by one, on " + Numbers.workers(workers)
                        + ". The time of a worker for each task, overhead included: the batch, times the workers, divided by"
                        + " the tasks."),
                new Block.Table(1, List.of("task length", "threads", "processes", "overhead"), rows),
                new Block.Figure(time, "Where the curves leave the diagonal, dispatching takes longer than the task."),
                new Block.Figure(
                        overhead,
                        "The same as a ratio: on the lower line processes cost nothing, on the upper one 5%."));
    }
}
