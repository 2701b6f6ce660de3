package dev.procpool;

import java.time.Duration;

/** Argument checks whose messages name the option, the value and the range. */
final class Checks {
    private Checks() {}

    static int atLeast(String option, int value, int min) {
        if (value < min) {
            throw new IllegalArgumentException(option + " must be at least " + min + ", but is " + value);
        }
        return value;
    }

    static long atLeast(String option, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(option + " must be at least " + min + ", but is " + value);
        }
        return value;
    }

    static int inRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    option + " must be between " + min + " and " + max + ", but is " + value);
        }
        return value;
    }

    static Duration positive(String option, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + " must be longer than zero, but is " + value);
        }
        return value;
    }
}
