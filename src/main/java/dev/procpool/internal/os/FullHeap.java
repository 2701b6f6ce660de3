package dev.procpool.internal.os;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What to do about this JVM's heap being full, which may be over in a moment. */
public final class FullHeap {
    private static final long PAUSE_NANOS = 5_000_000;
    private static final long LATELY_NANOS = 2_000_000_000;

    private static volatile long seenAt = System.nanoTime() - LATELY_NANOS;

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
                seen();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** The heap is full just now. */
    public static void seen() {
        seenAt = System.nanoTime();
    }

    /** Whether a pool of this JVM has met a full heap in the last two seconds: then threads are late, or have to begin again. */
    public static boolean wasLately() {
        return System.nanoTime() - seenAt < LATELY_NANOS;
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
