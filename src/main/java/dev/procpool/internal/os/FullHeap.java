package dev.procpool.internal.os;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What to do about this JVM's heap being full, which may be over in a moment. */
public final class FullHeap {
    private static final long PAUSE_NANOS = 5_000_000;

    private FullHeap() {}

    /** To be called while there is memory: Java makes constants when they are first used, and that must not be too late. */
    public static void prepare() {
        isCauseOf(new OutOfMemoryError("Java heap space"));
    }

    /**
     * Runs a step that has to happen; if the heap is full, runs it again until it isn't. So a step leaves things as they
     * were until it has all the memory that it needs, or takes up where it was.
     */
    public static void outlast(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (Throwable e) {
                if (!isCauseOf(e)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /**
     * Whether the heap was full. Java also reports that in wrappings, for instance when it links a lambda. A lack of
     * threads is another matter: it is not over in a moment.
     */
    public static boolean isCauseOf(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                String message = cause.getMessage();
                return message == null || !message.contains("thread");
            }
        }
        return false;
    }
}
