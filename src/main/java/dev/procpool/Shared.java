package dev.procpool;

import dev.procpool.internal.codec.Faces;
import dev.procpool.internal.codec.SharedValue;
import dev.procpool.internal.codec.TaskEncoder;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.function.Supplier;

/**
 * A value that each worker gets once, however many tasks use it: a model, an index, a configuration. Capture the handle
 * in the tasks and call {@link #get()} there.
 *
 * <p>The value is serialised when it is shared, so later changes to it reach nobody. A worker that needs it rebuilds it
 * at the first {@code get()} and gives the same object to all tasks from then on; treat it as read-only. Thread-safe.
 *
 * @param <T> the type of the value
 */
public final class Shared<T> implements Serializable, AutoCloseable, Supplier<T> {
    static {
        Faces.registerValues(shared -> shared.handle);
    }

    private final SharedValue<T> handle;

    private Shared(SharedValue<T> handle) {
        this.handle = handle;
    }

    /**
     * Shares {@code value}.
     *
     * @throws TaskSerializationException if it can't be serialised
     */
    static <T> Shared<T> of(T value, TaskEncoder encoder) {
        Shared<T> shared = new Shared<>(new SharedValue<>(value));
        shared.handle.share(shared, encoder);
        return shared;
    }

    /**
     * The value: the original where it was shared, a copy in a worker.
     *
     * @throws IllegalStateException if it has been closed
     * @throws TaskSerializationException if it can't be rebuilt in this worker
     */
    @Override
    public T get() {
        return handle.get();
    }

    /**
     * Frees the memory that the value takes here and in the workers. Close it when all tasks that use it are done: one
     * that has not reached its worker fails, and so does one that is submitted later. Does nothing in a worker: whoever
     * shared the value decides.
     */
    @Override
    public void close() {
        handle.close();
    }

    private Object writeReplace() throws InvalidObjectException {
        return handle.replaceFace();
    }
}
