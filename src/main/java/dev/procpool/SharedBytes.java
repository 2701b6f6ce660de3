package dev.procpool;

import dev.procpool.codec.Handle;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that all workers see without a copy: mapped read-only into each of them, at the price of one page table. Capture
 * the handle in the tasks and read its {@link #buffer()} there. Made of a {@code byte[]} it lives in memory, and nothing
 * of it is left when this process ends, however it does; made of a file it is that file, which must neither shrink nor
 * be replaced while it is shared. Thread-safe.
 */
public final class SharedBytes extends Handle implements Serializable, AutoCloseable {
    private final SharedFile file;
    private transient @Nullable ByteBuffer mapped;

    private SharedBytes(SharedFile file, ByteBuffer mapped) {
        super(null);
        this.file = file;
        this.mapped = mapped;
    }

    /**
     * Shares a copy of {@code bytes}.
     *
     * @throws UncheckedIOException if there is no room for it
     */
    static SharedBytes of(byte[] bytes) {
        try {
            return of(SharedFile.copyOf(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't share " + bytes.length + " bytes in " + SharedFile.directory() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Shares the bytes of the file {@code path}.
     *
     * @throws UncheckedIOException if it can't be read, or is no regular file
     * @throws IllegalArgumentException if it is larger than a buffer can be, which is 2,147,483,647 bytes
     */
    static SharedBytes of(Path path) {
        try {
            return of(SharedFile.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException("can't share the file " + path + ": " + e, e);
        }
    }

    /** Maps at once: what can't be mapped isn't shared, and no interrupt can close our only descriptor later. */
    private static SharedBytes of(SharedFile file) throws IOException {
        try {
            return new SharedBytes(file, file.map());
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    /**
     * The bytes, as a read-only buffer of the caller's own: its position is at 0 and its byte order big-endian.
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
                mapped = file.map();
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

    /**
     * Frees the memory, as far as nobody has a buffer any more. Close it when all tasks that use it are done: those that
     * get to it later fail. Does nothing in a worker: whoever shared the bytes decides.
     */
    @Override
    public synchronized void close() {
        if (isOwned() && !isFreed()) {
            free();
            mapped = null;
            file.close();
        }
    }
}
