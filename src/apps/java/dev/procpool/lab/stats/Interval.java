package dev.procpool.lab.stats;

import java.util.function.DoubleUnaryOperator;

/**
 * An estimate and the 99% confidence interval around it. Without enough samples for an interval both bounds are NaN.
 *
 * @param low lower bound, or NaN
 * @param estimate the estimate itself
 * @param high upper bound, or NaN
 */
public record Interval(double low, double estimate, double high) {
    /** An estimate without an interval. */
    public static Interval unknown(double estimate) {
        return new Interval(Double.NaN, estimate, Double.NaN);
    }

    /** Whether there were enough samples for bounds. */
    public boolean isKnown() {
        return !Double.isNaN(low) && !Double.isNaN(high);
    }

    /** Whether {@code value} lies within the bounds; false when they are unknown. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Whether the two have a value in common; false when one of them is unknown. */
    public boolean overlaps(Interval other) {
        return low <= other.high && other.low <= high;
    }

    /** The interval of {@code fn(x)}, for a monotonic {@code fn}. */
    public Interval map(DoubleUnaryOperator fn) {
        double first = fn.applyAsDouble(low);
        double second = fn.applyAsDouble(high);
        return new Interval(Math.min(first, second), fn.applyAsDouble(estimate), Math.max(first, second));
    }

    /** The same interval with nothing outside {@code [min, max]}. */
    public Interval clamp(double min, double max) {
        return new Interval(
                Double.isNaN(low) ? low : Math.max(min, Math.min(max, low)),
                Math.max(min, Math.min(max, estimate)),
                Double.isNaN(high) ? high : Math.max(min, Math.min(max, high)));
    }
}
