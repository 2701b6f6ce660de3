package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What is being written by this thread's codec, and where to: for handles of shared values that turn up somewhere inside
 * it, and have to say which definition their receiver needs.
 *
 * @param codec the codec at work
 * @param out where the definitions that are needed are noted
 * @param defining the handle whose definition is written itself, so that it must not be replaced by a reference
 */
record Scope(Codec codec, Payload out, @Nullable Handle defining) {
    private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

    /** Null outside of any {@link Segment#write}. */
    static @Nullable Scope current() {
        return CURRENT.get();
    }

    /** Makes this the current scope and returns the one before, to be {@linkplain #leave restored}. */
    @Nullable Scope enter() {
        Scope outer = CURRENT.get();
        CURRENT.set(this);
        return outer;
    }

    static void leave(@Nullable Scope outer) {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
