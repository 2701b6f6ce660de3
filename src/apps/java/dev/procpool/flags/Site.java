package dev.procpool.flags;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Where flags come from. All but {@link #REMOTE} are served by a {@link FlagServer}, each under its own name. */
public enum Site {
    /** Answers at once. */
    LOCAL,
    /** Takes its time for each flag: half of it before the answer begins, half in the middle of the body. */
    DELAY,
    /** Answers some requests with 418, 500 or 503, and cuts some connections, before or in the middle of the body. */
    ERROR,
    /** Any server that has {@code BASE/br.svg}. */
    REMOTE;

    /** Those that a {@link FlagServer} has. */
    public static final Set<Site> SERVED = Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(REMOTE)));
}
