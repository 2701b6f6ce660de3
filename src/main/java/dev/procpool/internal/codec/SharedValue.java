package dev.procpool.internal.codec;

import dev.procpool.TaskSerializationException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that each receiver gets once: what is behind a {@link dev.procpool.Shared}. */
public final class SharedValue<T> extends Handle implements AutoCloseable, Supplier<T> {
    /** Makes the handle of {@code value}, which is not serialised yet. */
    public SharedValue(T value) {
        super(Objects.requireNonNull(value, "value"));
    }

    /**
     * Serialises the value, which is what it is now from then on.
     *
     * @param face what users have in place of this handle; null if they never see it
     * @throws TaskSerializationException if it can't be serialised
     */
    public void share(@Nullable Object face, TaskEncoder encoder) {
        show(face);
        try {
            defineBy(encoder);
        } catch (EncodeException e) {
            free();
            throw new TaskSerializationException(TaskSerializationException.Stage.TASK_ENCODE, e.getMessage(), e);
        }
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

    /** Frees the value, if this process owns it. */
    @Override
    public void close() {
        if (isOwned()) {
            free();
        }
    }
}
