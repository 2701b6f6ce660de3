package dev.procpool.lab.measure;

import dev.procpool.SerializableCallable;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A task that also tells how long it ran, by the clock of where it ran.
 *
 * @param task the task
 */
record TimedTask(SerializableCallable<?> task) implements SerializableCallable<TimedTask.Result> {
    /**
     * What it returned, and how long that took.
     *
     * @param nanos nanoseconds
     * @param value the result of the task
     */
    record Result(long nanos, @Nullable Object value) implements Serializable {}

    @Override
    public Result call() throws Exception {
        long start = System.nanoTime();
        Object value = task.call();
        return new Result(System.nanoTime() - start, value);
    }
}
