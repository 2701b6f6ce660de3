package dev.procpool.internal.dispatch;

/**
 * How many calls a worker may hold, by how long calls take. Tiny ones: many, so that no worker ever waits for the parent.
 * Long ones: one, so that tasks start in the order in which they were submitted, and none waits behind another while a
 * third worker is idle. Guarded by the dispatcher's lock.
 */
final class Depth {
    /** What a window should hold, in nanoseconds of work: a wake-up of the parent, which takes 50 µs, is little to that. */
    private static final long WORK_NANOS = 2_000_000;
    /**
     * Calls longer than this are waited for one by one. Where all cores are busy, and code runs too seldom to be compiled,
     * it takes a millisecond until the next call is there: one percent at most.
     */
    private static final long LONG_CALL_NANOS = 100_000_000;

    /** Nothing is known of the first calls; to take them for long costs them little. */
    private long callNanos = LONG_CALL_NANOS;

    /** Calls have taken so long on average. Believes at once that they are short, and by and by that they are long. */
    void measured(long nanos) {
        callNanos = nanos < callNanos ? Math.max(1, nanos) : (callNanos + nanos) / 2;
    }

    /** How many calls a window may hold that are not answered. */
    int calls() {
        if (callNanos >= LONG_CALL_NANOS) {
            return 1;
        }
        return (int) Math.max(2, Math.min(WORK_NANOS / callNanos, Window.CAPACITY));
    }
}
