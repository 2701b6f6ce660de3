package dev.procpool.internal.codec;

import org.jspecify.annotations.Nullable;

/** What exceptions say of themselves, even those that throw when they are asked. Throws nothing. */
public final class Words {
    private Words() {}

    /** {@code thrown.toString()}, or else the name of its class. */
    public static String of(Throwable thrown) {
        String words = orNull(thrown);
        return words == null ? thrown.getClass().getName() + " (whose toString() fails)" : words;
    }

    /** {@code thrown.toString()}, or null if it throws. */
    static @Nullable String orNull(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (Throwable e) {
            return null;
        }
    }
}
