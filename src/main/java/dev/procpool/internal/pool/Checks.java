package dev.procpool.internal.pool;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Argument checks whose messages name the option, the value and the range. */
public final class Checks {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private Checks() {}

    public static int atLeast(String option, int value, int min) {
        if (value < min) {
            throw new IllegalArgumentException(option + " must be at least " + min + ", but is " + value);
        }
        return value;
    }

    public static long atLeast(String option, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(option + " must be at least " + min + ", but is " + value);
        }
        return value;
    }

    public static int inRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    option + " must be between " + min + " and " + max + ", but is " + value);
        }
        return value;
    }

    /** The value, or 292 years if it is longer: so much fits a {@code long} of nanoseconds, and nobody waits for it. */
    public static Duration positive(String option, @Nullable Duration value) {
        if (value == null || value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + " must be longer than zero, but is " + value);
        }
        return value.compareTo(LONGEST) > 0 ? LONGEST : value;
    }

    public static <T> T present(String option, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(option + " must not be null");
        }
        return value;
    }

    public static String line(String option, @Nullable String value) {
        if (value == null || value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    option + " must be one line of text, not blank, but is " + quoted(value));
        }
        return value;
    }

    /** Words of a command line: the system can't pass on what has a NUL character in it. */
    public static List<String> words(String option, @Nullable List<String> value, int shortest) {
        List<String> words = present(option, value);
        for (String word : words) {
            if (word == null || word.length() < shortest || word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(option + " must hold words of at least " + shortest
                        + " characters and without NUL, but one is " + quoted(word));
            }
        }
        return List.copyOf(words);
    }

    public static Map<String, String> variables(String option, @Nullable Map<String, String> value) {
        Map<String, String> variables = present(option, value);
        variables.forEach((name, content) -> {
            if (name == null || name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(option
                        + " must have names of at least 1 character without '=' and NUL, but one is " + quoted(name));
            }
            if (content == null || content.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        option + " must have values without NUL, but that of " + name + " is " + quoted(content));
            }
        });
        return Map.copyOf(variables);
    }

    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.chars()
                .forEach(c -> quoted.append(
                        Character.isISOControl(c) ? String.format("\\u%04x", c) : Character.toString((char) c)));
        return quoted.append('"').toString();
    }
}
