package dev.procpool.flags;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How the sites of a {@link FlagServer} misbehave. Everything follows from the seed, the code and the number of the
 * attempt: so each strategy meets the same delays and errors, and a run can be repeated.
 *
 * @param maxDelay the longest latency of {@link Site#DELAY}, more than zero, at most an hour; the shortest is half a
 *     second, or less when this is less
 * @param errorRate the share of requests that {@link Site#ERROR} doesn't answer with a flag, 0 to 1
 * @param seed any number; another seed gives other delays and errors
 */
public record SiteBehaviour(Duration maxDelay, double errorRate, long seed) {
    private static final Duration LONGEST_DELAY = Duration.ofHours(1);
    private static final Duration USUAL_MIN_DELAY = Duration.ofMillis(500);

    /** Up to 5 seconds, a quarter of errors. */
    public static final SiteBehaviour DEFAULT = new SiteBehaviour(Duration.ofSeconds(5), 0.25, 1);

    /** Checks the ranges. */
    public SiteBehaviour {
        if (maxDelay.isZero() || maxDelay.isNegative() || maxDelay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "max-delay must be more than 0 and at most 3600 s, but is " + seconds(maxDelay));
        }
        if (!(errorRate >= 0 && errorRate <= 1)) {
            throw new IllegalArgumentException("error-rate must be between 0 and 1, but is " + errorRate);
        }
    }

    /** The shortest latency of {@link Site#DELAY}. */
    public Duration minDelay() {
        return maxDelay.compareTo(USUAL_MIN_DELAY) < 0 ? maxDelay : USUAL_MIN_DELAY;
    }

    /** How long {@link Site#DELAY} takes for this attempt to get this code. */
    Duration delay(String code, int attempt) {
        long shortest = minDelay().toNanos();
        return Duration.ofNanos(random(code, attempt).nextLong(shortest, maxDelay.toNanos() + 1));
    }

    /** What {@link Site#ERROR} does on this attempt to get this code. */
    Reply reply(String code, int attempt) {
        SplittableRandom random = random(code, attempt);
        if (random.nextDouble() >= errorRate) {
            return Reply.FLAG;
        }
        return Reply.FAILURES[random.nextInt(Reply.FAILURES.length)];
    }

    private SplittableRandom random(String code, int attempt) {
        return new SplittableRandom(seed * 31 + code.hashCode() * 1_000_003L + attempt);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    /** What a request for a flag gets. */
    enum Reply {
        FLAG(200),
        TEAPOT(418),
        SERVER_ERROR(500),
        UNAVAILABLE(503),
        /** The connection ends without an answer. */
        CUT(0),
        /** The connection ends in the middle of the flag. */
        CUT_IN_BODY(200);

        static final Reply[] FAILURES = {TEAPOT, SERVER_ERROR, UNAVAILABLE, CUT, CUT_IN_BODY};

        final int httpStatus;

        Reply(int httpStatus) {
            this.httpStatus = httpStatus;
        }
    }
}
