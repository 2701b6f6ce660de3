package dev.procpool;

import org.jspecify.annotations.Nullable;

/** A task, or its result, could not be turned into bytes or back. The pool and its other tasks are untouched. */
public class TaskSerializationException extends RuntimeException {
    private final Stage stage;

    /** Creates one for a failure at {@code stage}. */
    public TaskSerializationException(Stage stage, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.stage = stage;
    }

    /** On which leg of its way the task failed. */
    public Stage stage() {
        return stage;
    }

    /** The four legs of a task's way, in order. */
    public enum Stage {
        /** In the caller, while {@code submit} turned the task into bytes. */
        TASK_ENCODE,
        /** In the child, while the task was rebuilt; it never started. */
        TASK_DECODE,
        /** In the child, after the task returned a value that can't be turned into bytes. */
        RESULT_ENCODE,
        /** In the parent, while the result was rebuilt. */
        RESULT_DECODE
    }
}
