package dev.procpool.lab.measure;

import dev.procpool.jobs.WrongResultException;
import org.jspecify.annotations.Nullable;

/**
 * What a measuring JVM reports: a measurement, or why there is none.
 *
 * @param measurement the measurement, or null
 * @param error what went wrong, in one line, or null
 * @param isWrong whether what went wrong is a result, so that all that was measured is in doubt
 */
public record Outcome(
        @Nullable Measurement measurement, @Nullable String error, boolean isWrong) {
    static Outcome of(Measurement measurement) {
        return new Outcome(measurement, null, false);
    }

    static Outcome failed(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        String place = stack.length == 0 ? "" : " (at " + stack[0] + ")";
        String error = failure.toString().replaceAll("\\s*\\R\\s*", " ") + place;
        return new Outcome(null, error, failure instanceof WrongResultException);
    }
}
