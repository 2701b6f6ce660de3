package dev.procpool.internal.codec;

import dev.procpool.internal.os.SharedFile;
import dev.procpool.internal.os.Uninterrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that each receiver maps: what is behind a {@link dev.procpool.SharedBytes}. */
public final class SharedMapping extends Handle implements AutoCloseable {
    private final SharedFile file;
    private transient @Nullable ByteBuffer mapped;

    private SharedMapping(SharedFile file, ByteBuffer mapped) {
        super(null);
        this.file = file;
        this.mapped = mapped;
    }

    /**
     * Of a copy of {@code bytes}.
     *
     * @throws UncheckedIOException if there is no room for it
     */
    public static SharedMapping of(byte[] bytes) {
        try {
            return Uninterrupted.get(() -> of(SharedFile.copyOf(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't share " + bytes.length + " bytes in " + SharedFile.directory() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Of the file {@code path}.
     *
     * @throws UncheckedIOException if it can't be read, or is no regular file
     * @throws IllegalArgumentException if it is larger than a buffer can be, which is 2,147,483,647 bytes
     */
    public static SharedMapping of(Path path) {
        try {
            return Uninterrupted.get(() -> of(SharedFile.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException("can't share the file " + path + ": " + e, e);
        }
    }

    /** Maps at once: what can't be mapped isn't shared, and no interrupt can close our only descriptor later. */
    private static SharedMapping of(SharedFile file) throws IOException {
        try {
            return new SharedMapping(file, file.map());
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    /** Says what users have in place of this handle. */
    public void share(Object face) {
        show(face);
    }

    /**
     * The bytes, as a read-only buffer of the caller's own.
     *
     * @throws IllegalStateException if it has been closed
     * @throws UncheckedIOException if it can't be mapped
     */
    public synchronized ByteBuffer buffer() {
        if (isFreed()) {
            throw new IllegalStateException(freedMessage());
        }
        if (mapped == null) {
            try {
                mapped = Uninterrupted.get(file::map);
            } catch (IOException e) {
                throw new UncheckedIOException("can't map shared bytes: " + e.getMessage(), e);
            }
        }
        return mapped.asReadOnlyBuffer();
    }

    /** How many bytes there are. */
    public long length() {
        return file.length();
    }

    /** Frees the memory, if this process owns it. */
    @Override
    public synchronized void close() {
        if (isOwned() && !isFreed()) {
            free();
            mapped = null;
            file.close();
        }
    }
}
