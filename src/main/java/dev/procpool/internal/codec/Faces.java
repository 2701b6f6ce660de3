package dev.procpool.internal.codec;

import dev.procpool.Shared;
import dev.procpool.SharedBytes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the public objects that stand for something shared to the handles behind them. These objects show their handle to
 * nobody but us: their classes, when they are initialised, say here how to get at it.
 */
public final class Faces {
    private static volatile @Nullable Function<Shared<?>, Handle> ofValues;
    private static volatile @Nullable Function<SharedBytes, Handle> ofBytes;

    private Faces() {}

    /** How to get at the handle of a shared value. */
    public static void registerValues(Function<Shared<?>, Handle> behind) {
        ofValues = behind;
    }

    /** How to get at the handle of shared bytes. */
    public static void registerBytes(Function<SharedBytes, Handle> behind) {
        ofBytes = behind;
    }

    /** The handle that {@code value} is, or stands for; null if it is something else. */
    static @Nullable Handle behind(Object value) {
        // There is no instance of a class that has not been initialised, so the function is there.
        if (value instanceof Shared<?> shared) {
            Function<Shared<?>, Handle> function = ofValues;
            return function == null ? null : function.apply(shared);
        }
        if (value instanceof SharedBytes bytes) {
            Function<SharedBytes, Handle> function = ofBytes;
            return function == null ? null : function.apply(bytes);
        }
        return value instanceof Handle handle ? handle : null;
    }
}
