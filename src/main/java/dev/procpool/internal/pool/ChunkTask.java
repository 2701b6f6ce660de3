package dev.procpool.internal.pool;

import dev.procpool.SerializableCallable;
import dev.procpool.SerializableFunction;
import java.util.Arrays;
import java.util.List;

/**
 * A chunk of a {@code map} as a task of its own.
 *
 * @param fn what to apply
 * @param items one or more
 * @param budgetNanos when so much time is over, no further item is started: items have become slower than the chunk's
 *     size assumes, and other workers may be idle
 */
public record ChunkTask<T, R>(SerializableFunction<? super T, ? extends R> fn, List<T> items, long budgetNanos)
        implements SerializableCallable<ChunkResult<R>> {
    @Override
    public ChunkResult<R> call() {
        long start = System.nanoTime();
        long nanos = 0;
        Object[] outcomes = new Object[items.size()];
        int done = 0;
        boolean goOn = true; // the first one in any case
        while (done < outcomes.length && goOn) {
            outcomes[done] = apply(items.get(done));
            done++;
            nanos = System.nanoTime() - start;
            goOn = nanos < budgetNanos && !Thread.currentThread().isInterrupted();
        }
        return new ChunkResult<>(done == outcomes.length ? outcomes : Arrays.copyOf(outcomes, done), nanos);
    }

    private Object apply(T item) {
        try {
            return fn.apply(item);
        } catch (Throwable thrown) {
            return new ChunkResult.Failure(thrown);
        }
    }
}
