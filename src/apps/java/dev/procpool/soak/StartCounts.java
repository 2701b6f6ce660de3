package dev.procpool.soak;

import dev.procpool.internal.os.PrivateFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How often each task was started: one byte a task, in a file that the workers map and count up themselves, so that a
 * start is known whatever becomes of the worker in the next instant. Thread-safe, in one process and between several.
 */
final class StartCounts implements Closeable {
    /** The environment variable that tells workers where the file is. */
    static final String VARIABLE = "PROCPOOL_SOAK_STARTS";

    private static final int SEGMENT = 1 << 24;
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final FileChannel channel;
    private final Closeable file;
    private final String path;
    private final AtomicReferenceArray<MappedByteBuffer> segments = new AtomicReferenceArray<>(1 << 7);

    private StartCounts(FileChannel channel, Closeable file, String path) {
        this.channel = channel;
        this.file = file;
        this.path = path;
    }

    static StartCounts create() throws IOException {
        PrivateFile file = PrivateFile.create();
        return new StartCounts(file.channel(), file, file.path().toString());
    }

    /** In a worker: the file of the run that it belongs to. */
    static StartCounts ofThisRun() {
        String path = System.getenv(VARIABLE);
        if (path == null) {
            throw new IllegalStateException("this task belongs to bin/soak: " + VARIABLE + " is not set");
        }
        try {
            FileChannel channel = FileChannel.open(Path.of(path), StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new StartCounts(channel, channel, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String path() {
        return path;
    }

    /** One more start of a task. */
    void add(int task) {
        INT.getAndAdd(segment(task), task & SEGMENT - 1 & ~3, 1 << (8 * (task & 3)));
    }

    int of(int task) {
        return segment(task).get(task & SEGMENT - 1) & 0xFF;
    }

    private MappedByteBuffer segment(int task) {
        int index = task / SEGMENT;
        MappedByteBuffer known = segments.get(index);
        if (known == null) {
            try {
                known = channel.map(FileChannel.MapMode.READ_WRITE, (long) index * SEGMENT, SEGMENT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            segments.set(index, known);
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
