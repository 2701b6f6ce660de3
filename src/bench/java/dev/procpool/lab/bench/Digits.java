package dev.procpool.lab.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them: three digits that count, thousands apart. */
final class Digits {
    private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_EVEN);

    private Digits() {}

    static String of(double value) {
        BigDecimal rounded = new BigDecimal(value).round(THREE);
        int decimals = Math.max(0, Math.min(rounded.scale(), 4));
        return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
    }

    static String ratio(double value) {
        return of(value) + "×";
    }
}
