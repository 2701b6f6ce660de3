package dev.procpool.internal.os;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the JVM alive while there is outstanding work, although the threads that do the work are daemons. So the exit of
 * a JVM whose pool was forgotten waits for submitted work and then leaves.
 *
 * <p>While work is outstanding there is one non-daemon thread, which looks now and then whether it is still needed; it
 * ends within {@value #LINGER_MILLIS} ms of the last work. Submitting and finishing work cost one atomic operation each.
 *
 * <p>Why no work is left without a thread: the submitter first counts, then looks whether the thread {@code runs}; the
 * thread first says that it no longer runs, then looks at the count again. One of them sees the other.
 */
public final class KeepAlive {
    private static final long LINGER_MILLIS = 50;
    private static final long LINGER_NANOS = Duration.ofMillis(LINGER_MILLIS).toNanos();

    private final String threadName;
    private final AtomicLong outstanding = new AtomicLong();
    private final AtomicBoolean runs = new AtomicBoolean();

    /** Creates one without a thread; {@code threadName} is for the thread to come. */
    public KeepAlive(String threadName) {
        this.threadName = threadName;
    }

    /** Counts a piece of work. Each call is to be followed by one call of {@link #workDone}. */
    public void workSubmitted() {
        if (outstanding.getAndIncrement() == 0 && !runs.get() && runs.compareAndSet(false, true)) {
            try {
                Thread thread = OwnThread.of(this::keepAlive, threadName);
                thread.setDaemon(false);
                thread.start();
            } catch (Throwable noThread) {
                runs.set(false);
                workDone();
                throw noThread;
            }
        }
    }

    /** Takes back one {@link #workSubmitted}. */
    public void workDone() {
        outstanding.getAndDecrement();
    }

    private void keepAlive() {
        do {
            do {
                LockSupport.parkNanos(this, LINGER_NANOS);
            } while (outstanding.get() > 0);
            runs.set(false);
        } while (outstanding.get() > 0 && runs.compareAndSet(false, true));
    }
}
