package dev.procpool.lab.measure;

import org.jspecify.annotations.Nullable;

/**
 * What a measuring JVM reports: a measurement, or why there is none.
 *
 * @param measurement the measurement, or null
 * @param error what went wrong, in one line, or null
 */
public record Outcome(
        @Nullable Measurement measurement, @Nullable String error) {
    static Outcome of(Measurement measurement) {
        return new Outcome(measurement, null);
    }

    static Outcome failed(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        String place = stack.length == 0 ? "" : " (at " + stack[0] + ")";
        return new Outcome(null, failure.toString().replaceAll("\\s*\\R\\s*", " ") + place);
    }
}
