package dev.procpool.internal.pool;

import dev.procpool.SerializableCallable;
import org.jspecify.annotations.Nullable;

/** A {@link Runnable} as a callable; serialisable if it is. */
public record RunnableCall<T>(Runnable task, @Nullable T result) implements SerializableCallable<T> {
    @Override
    public @Nullable T call() {
        task.run();
        return result;
    }
}
