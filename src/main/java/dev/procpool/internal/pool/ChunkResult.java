package dev.procpool.internal.pool;

import java.io.Serializable;
import java.util.Collections;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What became of the items of a chunk.
 *
 * @param outcomes for each item, in order, its value or a {@link Failure}. There may be fewer outcomes than items, but at
 *     least one: the other items have not been started and will be sent again
 * @param nanos how long the worker was busy with them
 * @param <R> the type of the values
 */
public record ChunkResult<R>(@Nullable Object[] outcomes, long nanos) implements Serializable {
    /** In place of a value: what the item threw. */
    record Failure(Throwable thrown) implements Serializable {}

    /** A result that says the same of each of {@code size} items: it failed. */
    static <R> ChunkResult<R> allFailed(int size, Throwable thrown) {
        return new ChunkResult<>(Collections.nCopies(size, new Failure(thrown)).toArray(), 0);
    }

    int size() {
        return outcomes.length;
    }

    /** The value of an item, or throws what it threw, a checked exception as the cause of a CompletionException. */
    @SuppressWarnings({"unchecked", "NullAway"}) // what is no failure is a value, and may be null where R may
    R take(int index) {
        Object outcome = outcomes[index];
        outcomes[index] = null; // the consumer may drop it before the chunk is used up
        if (outcome instanceof Failure failure) {
            throw unchecked(failure.thrown);
        }
        return (R) outcome;
    }

    /** What the consumer of a stream is to see of {@code thrown}; throws it itself if it is an error. */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new CompletionException(thrown);
    }
}
