package dev.procpool.lab.measure;

import dev.procpool.SerializableCallable;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A task that also tells where, when and how long it ran, by the clock of where it ran.
 *
 * @param task the task
 */
record TimedTask(SerializableCallable<?> task) implements SerializableCallable<TimedTask.Result> {
    /**
     * What it returned, and when.
     *
     * @param worker the process and the thread that ran it
     * @param start nanoseconds since some time, the same for all tasks of this worker
     * @param nanos how many nanoseconds it ran
     * @param value the result of the task
     */
    record Result(
            String worker, long start, long nanos, @Nullable Object value) implements Serializable {
        long end() {
            return start + nanos;
        }
    }

    @Override
    public Result call() throws Exception {
        long start = System.nanoTime();
        Object value = task.call();
        long nanos = System.nanoTime() - start;
        String worker =
                ProcessHandle.current().pid() + "/" + Thread.currentThread().getId();
        return new Result(worker, start, nanos, value);
    }
}
