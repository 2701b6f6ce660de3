package dev.procpool;

import dev.procpool.codec.DecodeException;
import dev.procpool.codec.EncodeException;
import dev.procpool.codec.Handle;
import dev.procpool.codec.TaskEncoder;
import java.io.Serializable;
import java.util.Objects;
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
public final class Shared<T> extends Handle implements Serializable, AutoCloseable, Supplier<T> {
    private Shared(T value) {
        super(Objects.requireNonNull(value, "value"));
    }

    /**
     * Shares {@code value}.
     *
     * @throws TaskSerializationException if it can't be serialised
     */
    static <T> Shared<T> of(T value, TaskEncoder encoder) {
        Shared<T> shared = new Shared<>(value);
        try {
            shared.defineBy(encoder);
        } catch (EncodeException e) {
            shared.free();
            throw new TaskSerializationException(TaskSerializationException.Stage.TASK_ENCODE, e.getMessage(), e);
        }
        return shared;
    }

    /**
     * The value: the original where it was shared, a copy in a worker.
     *
     * @throws IllegalStateException if it has been closed
     * @throws TaskSerializationException if it can't be rebuilt in this worker
     */
    @Override
    @SuppressWarnings("unchecked") // nothing else was put in
    public T get() {
        try {
            return (T) Objects.requireNonNull(value());
        } catch (DecodeException e) {
            throw new TaskSerializationException(TaskSerializationException.Stage.TASK_DECODE, e.getMessage(), e);
        }
    }

    /**
     * Frees the memory that the value takes here and in the workers. Close it when all tasks that use it are done: one
     * that has not reached its worker fails, and so does one that is submitted later. Does nothing in a worker: whoever
     * shared the value decides.
     */
    @Override
    public void close() {
        if (isOwned()) {
            free();
        }
    }
}
