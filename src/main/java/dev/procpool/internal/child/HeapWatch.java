package dev.procpool.internal.child;

import java.lang.ref.SoftReference;

/**
 * Knows whether the heap has been full, whoever met the {@link OutOfMemoryError}: a thread that a task has started, with
 * a handler of its own; an executor that keeps it in a future which nobody asks; a task that has caught it. The JVM
 * promises to clear all soft references before it throws that error for lack of heap or metaspace, and else it clears one
 * only if it has not been used for a second for each free megabyte. So one that is used several times a second is as good
 * as a note of the JVM's, and costs nothing.
 *
 * <p>What it can't see: an array longer than any JVM could make, direct buffers and threads that there is no room for.
 * None of these means that other threads have lacked memory. What it may see although nobody got an error: a heap that
 * was full, until the JVM threw away what tasks held softly.
 */
final class HeapWatch {
    /** Causes and suppressed exceptions beyond this number are not looked at: there may be a circle. */
    private static final int MOST_EXCEPTIONS = 1000;

    private volatile SoftReference<Object> canary = new SoftReference<>(new Object());

    /** Whether the heap was full at any time since {@link #forget}. */
    boolean wasFull() {
        return canary.get() == null;
    }

    /** What has been so far shall not count. */
    void forget() {
        canary = new SoftReference<>(new Object());
    }

    /** Uses the reference, so that it is not cleared for being old. */
    void use() {
        canary.get();
    }

    /** Whether an {@link OutOfMemoryError} is what was thrown, or brought it about. */
    static boolean isLackOfMemory(Throwable thrown) {
        try {
            int[] left = {MOST_EXCEPTIONS};
            return isLackOfMemory(thrown, left);
        } catch (OutOfMemoryError e) {
            return true;
        } catch (Throwable e) {
            return false; // its getCause() throws: we shall never know
        }
    }

    private static boolean isLackOfMemory(Throwable thrown, int[] left) {
        for (Throwable each = thrown; each != null && left[0]-- > 0; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
            for (Throwable suppressed : each.getSuppressed()) {
                if (isLackOfMemory(suppressed, left)) {
                    return true;
                }
            }
        }
        return false;
    }
}
