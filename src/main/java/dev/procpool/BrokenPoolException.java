package dev.procpool;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The pool can't start workers and has given up: pending tasks fail with this, later ones are rejected with it. The
 * message carries the child's own words.
 */
public class BrokenPoolException extends RejectedExecutionException {
    /** Creates one; {@code message} says what failed, how often, and what the child printed. */
    public BrokenPoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
