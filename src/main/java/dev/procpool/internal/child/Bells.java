package dev.procpool.internal.child;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The child's end of the pipe on which the parent rings. Normally the call loop itself reads it when it sleeps: the
 * shortest way to wake up. Where the parent can't be watched otherwise (a launch prefix that is our parent instead, a
 * sandbox with its own process ids) a thread reads it all the time, so that its end is noticed while a task runs.
 */
final class Bells {
    private final InputStream pipe;
    private final String mark;
    private final @Nullable Semaphore relayed;

    Bells(InputStream pipe, boolean relay, String mark) {
        this.pipe = pipe;
        this.mark = mark;
        if (relay) {
            relayed = new Semaphore(0);
            Thread thread = new Thread("procpool-bells") {
                @Override
                public void run() {
                    while (true) {
                        read();
                        relayed.release();
                    }
                }
            };
            thread.setDaemon(true);
            thread.start();
        } else {
            relayed = null;
        }
    }

    /** Waits for a bell. */
    void await() {
        if (relayed == null) {
            read();
        } else {
            relayed.acquireUninterruptibly();
        }
    }

    private void read() {
        try {
            if (pipe.read() < 0) {
                Heartbeat.parentIsGone(mark);
            }
        } catch (IOException e) {
            Heartbeat.parentIsGone(mark); // a broken pipe: nobody is left on the other side
        }
    }
}
