package dev.procpool.internal.worker;

import java.util.concurrent.atomic.AtomicInteger;

/** One who reads and one who takes lines, around a {@link Backlog} that is full. */
public final class HeldUpReader {
    private static final String LONG_LINE = "x".repeat(1_100_000);

    private final AtomicInteger resumed = new AtomicInteger();
    private final Backlog backlog = new Backlog(resumed::incrementAndGet);
    private volatile boolean heldUp;

    /** A line has been read, which is more than may wait. */
    public HeldUpReader() {
        backlog.add(LONG_LINE);
    }

    /** Wants to read on. */
    public void readOn() {
        heldUp = backlog.holdsUp();
    }

    /** Has taken the line. */
    public void take() {
        backlog.remove(LONG_LINE);
    }

    /** Whether the rest is read, by the one or the other. */
    public boolean isReadInTheEnd() {
        return !heldUp || resumed.get() > 0;
    }
}
