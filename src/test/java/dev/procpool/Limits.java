package dev.procpool;

import java.time.Duration;

/** How long tests wait. All of them, so that a slow machine needs one change. */
public final class Limits {
    /** For what has to happen: longer than anything takes, even on a busy machine. */
    public static final Duration LONG = Duration.ofSeconds(60);
    /** For what must not happen, in tests that can't fail by it. */
    public static final Duration SHORT = Duration.ofMillis(100);

    /** For deadlines that a task passes that never ends, and one that does little does not. */
    public static final Duration DEADLINE = Duration.ofMillis(500);

    private Limits() {}
}
