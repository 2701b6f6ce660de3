package dev.procpool.soak;

import dev.procpool.PoolFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A task that was submitted, and what may become of it.
 *
 * @param task its number, from 0
 * @param deed what it does, for the list of offenders
 * @param future its future
 * @param rightValue which values it may return
 * @param rightFailure with which exceptions it may fail of its own accord
 * @param mayBeCancelled whether somebody cancels it
 */
record Errand(
        int task,
        String deed,
        PoolFuture<?> future,
        Predicate<@Nullable Object> rightValue,
        Predicate<Throwable> rightFailure,
        boolean mayBeCancelled) {
    /** What no task may do. */
    static final Predicate<Throwable> NEVER_FAILS = failure -> false;
    /** For tasks that don't live to return a value. */
    static final Predicate<@Nullable Object> NEVER_RETURNS = value -> false;

    @Override
    public String toString() {
        return "task " + task + " (" + deed + ")";
    }
}
