package dev.procpool.lab.bench;

import java.util.List;

/**
 * What some samples of one figure say.
 *
 * @param count how many samples there are
 * @param min the smallest
 * @param lower the first quartile
 * @param median the median; half way between the two in the middle if the count is even
 * @param upper the third quartile
 * @param max the largest
 */
record Spread(int count, double min, double lower, double median, double upper, double max) {
    /**
     * The spread of at least one sample.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Spread of(List<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Spread(
                sorted.length,
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1]);
    }

    /** With linear interpolation between neighbours. */
    private static double quantile(double[] sorted, double fraction) {
        double position = fraction * (sorted.length - 1);
        int below = (int) position;
        double next = sorted[Math.min(below + 1, sorted.length - 1)];
        return sorted[below] + (position - below) * (next - sorted[below]);
    }
}
