package dev.procpool.internal.os;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names for what this JVM makes where others make the like. */
public final class Names {
    private Names() {}

    /**
     * A name that nobody else has, now or later: of this process, this time, and a number. It may be guessed; what could
     * not takes the JDK's secure random numbers, whose classes take longer to load than those of a pool.
     */
    public static String unique() {
        return new UUID(
                        ProcessHandle.current().pid() << 41 ^ System.currentTimeMillis(),
                        ThreadLocalRandom.current().nextLong())
                .toString();
    }
}
