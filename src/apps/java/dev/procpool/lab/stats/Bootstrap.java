package dev.procpool.lab.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;

/**
 * Confidence intervals for medians and for whatever is computed from medians.
 *
 * <p>A sample is one value per measuring JVM, so there are few of them: three to ten. The percentile bootstrap can't reach
 * past the smallest and largest sample and is far too narrow then. So the bootstrap gives the standard error, and
 * Student's t turns it into an interval, with as many degrees of freedom as there are samples, less one for each group.
 * Times and ratios are treated on a logarithmic scale: noise multiplies them, and they can't be negative.
 *
 * <p>The confidence is 99% and not 95%, because two runs are to be compared with each other: of 100 pairs of runs, 81 to 91
 * have their medians within each other's 95% intervals, 91 to 98 within each other's 99% intervals.
 *
 * <p>Deterministic: the same samples give the same interval.
 */
public final class Bootstrap {
    private static final double CONFIDENCE = 0.99;
    private static final int RESAMPLES = 2000;
    private static final long SEED = 20_250_601;

    private Bootstrap() {}

    /** The median; NaN for no samples. */
    public static double median(double... samples) {
        return StatUtils.percentile(samples, 50);
    }

    /** The median of positive samples and its interval, which is unknown for fewer than two samples. */
    public static Interval ofMedian(double... samples) {
        return ofPositive(List.of(samples), groups -> median(groups.get(0)));
    }

    /** The ratio of two medians of positive samples, and its interval. */
    public static Interval ofRatio(double[] numerator, double[] denominator) {
        return ofPositive(List.of(numerator, denominator), groups -> median(groups.get(0)) / median(groups.get(1)));
    }

    /** A positive statistic of independent groups of samples; its interval is symmetric on the logarithmic scale. */
    public static Interval ofPositive(List<double[]> groups, ToDoubleFunction<List<double[]>> statistic) {
        return interval(groups, statistic, Math::log, Math::exp);
    }

    /** A statistic of independent groups of samples that may be zero or negative; its interval is symmetric. */
    public static Interval of(List<double[]> groups, ToDoubleFunction<List<double[]>> statistic) {
        return interval(groups, statistic, x -> x, x -> x);
    }

    private static Interval interval(
            List<double[]> groups,
            ToDoubleFunction<List<double[]>> statistic,
            DoubleUnaryOperator toScale,
            DoubleUnaryOperator fromScale) {
        double estimate = statistic.applyAsDouble(groups);
        int smallest = groups.stream().mapToInt(group -> group.length).min().orElse(0);
        if (smallest < 2 || Double.isNaN(estimate)) {
            return Interval.unknown(estimate);
        }
        double[] replicates = replicates(groups, statistic, toScale);
        // Resamples of few samples vary less than samples do, by the same factor as a variance divided by n and not n -
        // 1.
        double standardError = Math.sqrt(StatUtils.variance(replicates) * smallest / (smallest - 1));
        int freedom = groups.stream().mapToInt(group -> group.length - 1).sum();
        double t = new TDistribution(freedom).inverseCumulativeProbability(0.5 + CONFIDENCE / 2);
        double centre = toScale.applyAsDouble(estimate);
        return new Interval(
                fromScale.applyAsDouble(centre - t * standardError),
                estimate,
                fromScale.applyAsDouble(centre + t * standardError));
    }

    /** Resamples where the statistic is undefined (a fit that finds no curve) say nothing about it and are left out. */
    private static double[] replicates(
            List<double[]> groups, ToDoubleFunction<List<double[]>> statistic, DoubleUnaryOperator toScale) {
        Random random = new Random(SEED);
        double[] replicates = new double[RESAMPLES];
        int defined = 0;
        for (int i = 0; i < RESAMPLES; i++) {
            double value = toScale.applyAsDouble(statistic.applyAsDouble(resample(groups, random)));
            if (Double.isFinite(value)) {
                replicates[defined++] = value;
            }
        }
        return Arrays.copyOf(replicates, defined);
    }

    private static List<double[]> resample(List<double[]> groups, Random random) {
        List<double[]> resampled = new ArrayList<>(groups.size());
        for (double[] group : groups) {
            resampled.add(random.ints(group.length, 0, group.length)
                    .mapToDouble(i -> group[i])
                    .toArray());
        }
        return resampled;
    }
}
