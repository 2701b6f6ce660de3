package dev.procpool.internal.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Why a pool gave up.
 *
 * @param message what failed, how often, and what the child said
 * @param cause the last failure in this JVM, if there was one
 */
public record BrokenReason(String message, @Nullable Throwable cause) {
    private static final String MAIN_IS_MISSING = "dev.procpool.internal.child.ChildMain";

    /** No worker could be started, so many times in a row; {@code why} is about the last one. */
    static BrokenReason noStart(int times, String why, @Nullable Throwable cause) {
        String remedy = why.contains(MAIN_IS_MISSING)
                ? "\nThe class path of the workers doesn't hold procpool: add its jar to the option classPath, or leave that"
                        + " out."
                : "";
        return new BrokenReason(
                "no worker could be started, " + times + " times in a row; the last one: " + why + remedy, cause);
    }
}
