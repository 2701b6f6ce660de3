package dev.procpool.lab.measure;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what is seen during a measurement. */
final class Values {
    private final Map<Metric, List<Double>> lists = new EnumMap<>(Metric.class);

    void add(Metric metric, double value) {
        lists.computeIfAbsent(metric, ignored -> new ArrayList<>()).add(value);
    }

    Map<Metric, double[]> toMap() {
        Map<Metric, double[]> arrays = new EnumMap<>(Metric.class);
        lists.forEach((metric, list) -> arrays.put(
                metric, list.stream().mapToDouble(Double::doubleValue).toArray()));
        return arrays;
    }
}
