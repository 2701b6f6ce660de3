package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Bootstrap;
import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The measurements of an experiment by configuration. A sample is one value for each measuring JVM: its median. */
final class Samples {
    private final Map<Configuration, List<Measurement>> byConfiguration = new LinkedHashMap<>();

    Samples(List<Measurement> measurements, Experiment experiment) {
        for (Measurement measurement : measurements) {
            if (measurement.configuration().experiment() == experiment) {
                byConfiguration
                        .computeIfAbsent(measurement.configuration(), ignored -> new ArrayList<>())
                        .add(measurement);
            }
        }
    }

    private Samples() {}

    /** Of the rounds with this property. */
    Samples ofRounds(IntPredicate property) {
        Samples some = new Samples();
        byConfiguration.forEach((configuration, measurements) -> some.byConfiguration.put(
                configuration,
                measurements.stream().filter(m -> property.test(m.round())).toList()));
        return some;
    }

    boolean isEmpty() {
        return byConfiguration.isEmpty();
    }

    /** The configurations with this property, ordered by executor name, workers, tasks and size. */
    List<Configuration> where(Predicate<Configuration> property) {
        return byConfiguration.keySet().stream().filter(property).toList();
    }

    Optional<Configuration> first(Predicate<Configuration> property) {
        return byConfiguration.keySet().stream().filter(property).findFirst();
    }

    /** One value for each measuring JVM that measured {@code metric}. */
    double[] of(Configuration configuration, Metric metric) {
        return byConfiguration.getOrDefault(configuration, List.of()).stream()
                .map(measurement -> measurement.values(metric))
                .filter(values -> values.length > 0)
                .mapToDouble(Bootstrap::median)
                .toArray();
    }

    /** What each measuring JVM saw of {@code metric}, in the order in which it did. */
    List<double[]> series(Metric metric) {
        return byConfiguration.values().stream()
                .flatMap(List::stream)
                .map(measurement -> measurement.values(metric))
                .toList();
    }

    Interval median(Configuration configuration, Metric metric) {
        return Bootstrap.ofMedian(of(configuration, metric));
    }

    /** The steady batches of all measuring JVMs for which it is known how long each task ran. */
    List<Batch> batches(Configuration configuration) {
        List<Batch> batches = new ArrayList<>();
        for (Measurement measurement : byConfiguration.getOrDefault(configuration, List.of())) {
            double[] elapsed = measurement.values(Metric.BATCH);
            double[] service = measurement.values(Metric.SERVICE);
            int count = configuration.count();
            for (int i = 0; i < elapsed.length && (i + 1) * count <= service.length; i++) {
                batches.add(new Batch(elapsed[i], Arrays.copyOfRange(service, i * count, (i + 1) * count)));
            }
        }
        return batches;
    }

    /**
     * A batch.
     *
     * @param elapsed seconds for the batch
     * @param service seconds that each task ran, in the order of submission
     */
    record Batch(double elapsed, double[] service) {}
}
