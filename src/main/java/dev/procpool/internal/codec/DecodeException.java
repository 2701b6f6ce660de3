package dev.procpool.internal.codec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task or value can't be rebuilt from its bytes: they are broken, a class is missing, or code of the user's that takes
 * part in it has thrown, whatever it was; that is the cause then.
 */
public final class DecodeException extends Exception {
    DecodeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What went wrong, and where. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
