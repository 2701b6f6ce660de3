package dev.procpool.internal.dispatch;

/**
 * When the next worker may be started after workers that never became ready. The first failure is followed by another
 * start at once, then the pause doubles; a pool of which no worker is ready gives up after {@link #LIMIT} failures in a
 * row. Workers that somebody kills while they start tell little about the next one, so more of them are put up with, for
 * {@link #KILLS_LIMIT_NANOS}: then it must be the workers' own doing, such as the memory that they take. Guarded by the
 * dispatcher's lock.
 */
final class RestartPolicy {
    /** So many failures in a row are no accident. */
    static final int LIMIT = 4;

    private static final int KILLS_WITHOUT_PAUSE = 20;
    private static final long KILLS_LIMIT_NANOS = 20_000_000_000L;
    private static final long FIRST_PAUSE_NANOS = 100_000_000;
    private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

    private int failures;
    private int kills;
    private long firstKill;
    private long notBefore;

    /** A worker is ready. */
    void succeeded() {
        failures = 0;
        kills = 0;
    }

    /** A worker could not be started, or ended by itself, crashes included, before it was ready. */
    void failed(long now) {
        failures++;
        if (failures > 1) {
            notBefore = now + Math.min(FIRST_PAUSE_NANOS << Math.min(failures - 2, 10), LONGEST_PAUSE_NANOS);
        }
    }

    /** A worker was killed from outside before it was ready. */
    void killed(long now) {
        if (kills++ == 0) {
            firstKill = now;
        }
        if (kills > KILLS_WITHOUT_PAUSE) {
            notBefore = now + FIRST_PAUSE_NANOS;
        }
    }

    int failures() {
        return failures + kills;
    }

    boolean isExhausted(long now) {
        return failures >= LIMIT || (kills >= KILLS_WITHOUT_PAUSE && now - firstKill > KILLS_LIMIT_NANOS);
    }

    /** How long to wait before the next start; 0 if it may be now. */
    long pauseNanos(long now) {
        return failures < 2 && kills <= KILLS_WITHOUT_PAUSE ? 0 : Math.max(0, notBefore - now);
    }
}
