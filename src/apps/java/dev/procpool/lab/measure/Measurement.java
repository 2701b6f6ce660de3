package dev.procpool.lab.measure;

import java.util.Map;

/**
 * What came out of one measuring JVM.
 *
 * @param configuration what was measured
 * @param round the how-manieth time, from 0
 * @param values what was seen, in the order in which it was; in the metric's unit
 */
public record Measurement(Configuration configuration, int round, Map<Metric, double[]> values) {
    /** The values of a metric; none if it wasn't measured. */
    public double[] values(Metric metric) {
        return values.getOrDefault(metric, new double[0]);
    }
}
