package dev.procpool.jobs;

import java.io.Serializable;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link DigestFiles} found out.
 *
 * @param digests 32 bytes for each file, in their order
 * @param failures by the index of the file, why it couldn't be read
 */
public record FileDigests(byte[] digests, Map<Integer, String> failures) implements Serializable {
    static final int LENGTH = 32;

    /** The SHA-256 of file {@code index} in lower-case hexadecimal; means nothing if there is a {@link #failure}. */
    public String digest(int index) {
        return HexFormat.of().formatHex(digests, index * LENGTH, (index + 1) * LENGTH);
    }

    /** Why file {@code index} couldn't be read, or null if it could. */
    public @Nullable String failure(int index) {
        return failures.get(index);
    }
}
