package dev.procpool.internal.os;

import java.io.IOException;

/** Starts processes that keep nothing of whoever happens to start them. */
public final class OwnProcess {
    private OwnProcess() {}

    /**
     * Starts a process. The JDK's thread that waits for its end lives on for a minute and, before JDK 18, takes its context
     * class loader from this one: so here that is none of an application's meanwhile.
     */
    public static Process start(ProcessBuilder builder) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            return builder.start();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
