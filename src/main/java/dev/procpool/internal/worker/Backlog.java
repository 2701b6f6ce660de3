package dev.procpool.internal.worker;

/**
 * How much of what a worker has printed waits to be handed out. Where that is slower than the printing, as with a consumer
 * that blocks, it is the printing that has to wait: the parent's heap must not grow. Thread-safe.
 */
final class Backlog {
    /** In characters: what is beyond is left where it is. */
    private static final long MOST = 1 << 20;
    /** Down to here it has to shrink before it grows again, so that one line more or less doesn't count. */
    private static final long LITTLE = MOST / 2;
    /** What a line takes besides its characters. */
    private static final int PER_LINE = 100;

    private final Runnable resume;
    private volatile long size;
    private volatile boolean heldUp;
    private boolean lifted;

    /** {@code resume} goes on with what was held up; it is run by whoever makes room. */
    Backlog(Runnable resume) {
        this.resume = resume;
    }

    void add(String line) {
        change(line.length() + PER_LINE);
    }

    void remove(String line) {
        change(-line.length() - PER_LINE);
        if (heldUp && size <= LITTLE) {
            heldUp = false;
            resume.run();
        }
    }

    private synchronized void change(int characters) {
        size += characters;
        notifyAll();
    }

    boolean isFull() {
        return size > MOST;
    }

    /** Whether the caller has to leave the rest; then that is resumed as soon as there is room. */
    boolean holdsUp() {
        if (!isFull()) {
            return false;
        }
        heldUp = true;
        return size > LITTLE; // who makes room after this sees the line above
    }

    /** Waits while it is full, until {@link #lift}. */
    synchronized void awaitRoom() throws InterruptedException {
        while (isFull() && !lifted) {
            wait();
        }
    }

    /** The worker has ended: the rest of what it printed is not much, and nobody shall wait for room. */
    synchronized void lift() {
        lifted = true;
        notifyAll();
    }
}
