package dev.procpool.internal.pool;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How {@link MapStream} has a chunk of items worked on: by one task of any executor ({@link ChunkTask}), or by a faster
 * path of an executor that knows chunks.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
public interface ChunkRunner<T, R> {
    /**
     * Starts work on a chunk. An item's failure is an outcome in the {@link ChunkResult}; if the future itself fails, that
     * failure is the outcome of each item of the chunk. Cancelling the future stops the work.
     *
     * @param items one or more, not to be changed
     * @param budgetNanos when so much time is over, no further item need be started: items have become slower than the
     *     size of the chunk assumes, and other workers may be idle
     * @throws RuntimeException if the chunk can't be sent; no item of it has been started
     */
    CompletableFuture<ChunkResult<R>> run(List<T> items, long budgetNanos);

    /** Called when the stream needs it no more: at its end, or when it is closed; perhaps never, perhaps twice. */
    default void close() {}
}
