package dev.procpool.internal.os;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Work with file channels on threads that may be interrupted. An interrupt closes the channel that its thread uses, even
 * one that came long before; but to open, fill or map a file takes so short a time that nobody needs to interrupt it.
 */
public final class Uninterrupted {
    /** Opens its channels itself, and closes them if it fails: it may have to begin again. */
    @FunctionalInterface
    public interface Work<T> {
        T get() throws IOException;
    }

    private Uninterrupted() {}

    /** Does the work as if nobody interrupted this thread; whether somebody has can be seen when this returns. */
    public static <T> T get(Work<T> work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return work.get();
                } catch (ClosedByInterruptException e) {
                    interrupted = true; // by an interrupt of just now: the next attempt has a channel of its own
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
