package dev.procpool.lab.report;

import dev.procpool.lab.stats.Bootstrap;

/**
 * When a difference counts: when not even the near end of the interval around the ratio of the medians is closer than 5%.
 * What is less clear is called no difference, so that the same measurements made again don't turn a verdict round.
 */
final class Comparison {
    private static final double WORTH_A_DECISION = 0.05;

    private Comparison() {}

    /** Whether {@code these} times are clearly shorter than {@code those}; never with less than two samples of each. */
    static boolean isClearlyLess(double[] these, double[] those) {
        return Bootstrap.ofRatio(those, these).low() > 1 + WORTH_A_DECISION;
    }
}
