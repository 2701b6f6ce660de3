package dev.procpool.lab.report;

import dev.procpool.lab.stats.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Figures as people write them. */
final class Numbers {
    private Numbers() {}

    /** A time with three digits and a fitting unit. */
    static String seconds(double seconds) {
        if (Double.isNaN(seconds)) {
            return "–";
        }
        double size = Math.abs(seconds);
        if (size >= 1) {
            return digits(seconds) + " s";
        }
        if (size >= 1e-3) {
            return digits(seconds * 1e3) + " ms";
        }
        return size >= 1e-6 ? digits(seconds * 1e6) + " µs" : digits(seconds * 1e9) + " ns";
    }

    /** A time of one digit, for axes. */
    static String roundSeconds(double seconds) {
        if (seconds >= 1) {
            return Math.round(seconds) + " s";
        } else if (seconds >= 1e-3) {
            return Math.round(seconds * 1e3) + " ms";
        }
        return seconds >= 1e-6 ? Math.round(seconds * 1e6) + " µs" : Math.round(seconds * 1e9) + " ns";
    }

    /** As few digits as tell it, for axes. */
    static String plain(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(6));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** Memory in MiB. */
    static String mebibytes(double bytes) {
        return Double.isNaN(bytes) ? "–" : String.format(Locale.ROOT, "%.0f MiB", bytes / (1 << 20));
    }

    static String percent(double fraction) {
        if (Double.isNaN(fraction)) {
            return "–";
        }
        double percent = fraction * 100;
        return String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%.1f%%" : "%.0f%%", percent);
    }

    /** Three significant digits, without an exponent. */
    static String digits(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        int decimals = Math.max(0, Math.min(6, 2 - (int) Math.floor(Math.log10(size))));
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** The estimate and, in brackets, the bounds. */
    static String with(Interval interval, DoubleFunction<String> format) {
        String estimate = format.apply(interval.estimate());
        return interval.isKnown()
                ? estimate + " [" + format.apply(interval.low()) + ", " + format.apply(interval.high()) + "]"
                : estimate;
    }

    static String workers(int workers) {
        return workers == 1 ? "1 worker" : workers + " workers";
    }
}
