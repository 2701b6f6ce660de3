package dev.procpool;

import dev.procpool.internal.codec.Faces;
import dev.procpool.internal.codec.SharedMapping;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Bytes that all workers see without a copy: mapped read-only into each of them, at the price of one page table. Capture
 * the handle in the tasks and read its {@link #buffer()} there. Made of a {@code byte[]} it lives in memory, and nothing
 * of it is left when this process ends, however it does; made of a file it is that file, which must neither shrink nor
 * be replaced while it is shared. Thread-safe.
 */
public final class SharedBytes implements Serializable, AutoCloseable {
    static {
        Faces.registerBytes(bytes -> bytes.handle);
    }

    private final SharedMapping handle;

    private SharedBytes(SharedMapping handle) {
        this.handle = handle;
        handle.share(this);
    }

    /**
     * Shares a copy of {@code bytes}.
     *
     * @throws UncheckedIOException if there is no room for it
     */
    static SharedBytes of(byte[] bytes) {
        return new SharedBytes(SharedMapping.of(bytes));
    }

    /**
     * Shares the bytes of the file {@code path}.
     *
     * @throws UncheckedIOException if it can't be read, or is no regular file
     * @throws IllegalArgumentException if it is larger than a buffer can be, which is 2,147,483,647 bytes
     */
    static SharedBytes of(Path path) {
        return new SharedBytes(SharedMapping.of(path));
    }

    /**
     * The bytes, as a read-only buffer of the caller's own: its position is at 0 and its byte order big-endian.
     *
     * @throws IllegalStateException if it has been closed
     * @throws UncheckedIOException if it can't be mapped
     */
    public ByteBuffer buffer() {
        return handle.buffer();
    }

    /** How many bytes there are. */
    public long length() {
        return handle.length();
    }

    /**
     * Frees the memory, as far as nobody has a buffer any more. Close it when all tasks that use it are done: those that
     * get to it later fail. Does nothing in a worker: whoever shared the bytes decides.
     */
    @Override
    public void close() {
        handle.close();
    }

    private Object writeReplace() throws InvalidObjectException {
        return handle.replaceFace();
    }
}
