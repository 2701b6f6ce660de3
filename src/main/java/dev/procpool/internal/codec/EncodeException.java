package dev.procpool.internal.codec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A task or value can't be turned into bytes. The message says which part of it, and how it is reached. */
public final class EncodeException extends Exception {
    EncodeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What went wrong, and where. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
