package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Bootstrap;
import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    Interval median(Configuration configuration, Metric metric) {
        return Bootstrap.ofMedian(of(configuration, metric));
    }

    /** For a metric with a value for each task: the median over the measuring JVMs, task by task. */
    double[] perTask(Configuration configuration, Metric metric) {
        List<double[]> jvms = byConfiguration.getOrDefault(configuration, List.of()).stream()
                .map(measurement -> measurement.values(metric))
                .filter(values -> values.length == configuration.count())
                .toList();
        double[] medians = new double[jvms.isEmpty() ? 0 : configuration.count()];
        for (int i = 0; i < medians.length; i++) {
            int task = i;
            medians[i] = Bootstrap.median(
                    jvms.stream().mapToDouble(values -> values[task]).toArray());
        }
        return medians;
    }
}
