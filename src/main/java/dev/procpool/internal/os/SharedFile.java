package dev.procpool.internal.os;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file behind {@link dev.procpool.SharedBytes}: the user's own, or one of ours with a copy of an array.
 *
 * <p>One of ours is private to the user and on a memory file system, if there is one. On Linux it loses its name as soon
 * as it is open. From then on it lives through the descriptor that this process has of it, which others find at
 * {@code /proc/PID/fd/N}: when this process is gone, by {@code kill -9} or otherwise, so is the file. Elsewhere it is
 * deleted when it is closed, or at exit.
 *
 * <p>A descriptor's number may belong to another file by the time that a worker looks. So a seal follows the bytes,
 * which no other file has at that place.
 */
public final class SharedFile implements Serializable {
    /** What the names of our files begin with, as long as they have names. */
    public static final String PREFIX = "procpool-shared-";

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Path PROCESSES = Path.of("/proc");
    private static final Path DESCRIPTORS = PROCESSES.resolve("self/fd");
    private static final int PIECE = 64 * 1024;
    private static final int SEAL_BYTES = 16;

    private final String path;
    private final long length;
    /** What follows the bytes; null if it is the user's own file. */
    private final @Nullable UUID seal;
    /** Of a file of ours, in the process that made it. */
    private final transient @Nullable FileChannel channel;

    private SharedFile(String path, long length, @Nullable UUID seal, @Nullable FileChannel channel) {
        this.path = path;
        this.length = length;
        this.seal = seal;
        this.channel = channel;
    }

    /** The user's file. */
    public static SharedFile of(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("not a regular file");
        }
        if (attributes.size() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(path + " has " + attributes.size() + " bytes; what is shared can have "
                    + Integer.MAX_VALUE + " at most, the size of the largest ByteBuffer");
        }
        return new SharedFile(path.toAbsolutePath().toString(), attributes.size(), null, null);
    }

    /** A file of ours with these bytes. */
    public static SharedFile copyOf(byte[] bytes) throws IOException {
        UUID seal = UUID.randomUUID();
        Path path = directory().toRealPath().resolve(PREFIX + seal);
        boolean nameless = Files.isDirectory(DESCRIPTORS);
        FileChannel channel = FileChannel.open(
                path,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ownerOnly(path));
        try {
            if (nameless) {
                Files.delete(path);
            } else {
                path.toFile().deleteOnExit();
            }
            fill(channel, bytes, seal);
            return new SharedFile(nameless ? descriptorOf(path) : path.toString(), bytes.length, seal, channel);
        } catch (Throwable e) {
            try (channel) {
                Files.deleteIfExists(path);
            }
            throw e;
        }
    }

    public long length() {
        return length;
    }

    /** Maps the bytes, in this process or another one. */
    public ByteBuffer map() throws IOException {
        if (channel != null) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
        }
        try (FileChannel opened = FileChannel.open(Path.of(path), StandardOpenOption.READ)) {
            if (seal == null) {
                if (opened.size() < length) {
                    throw new IOException(
                            path + " had " + length + " bytes when it was shared, and has " + opened.size());
                }
            } else if (opened.size() != length + SEAL_BYTES || !seal.equals(readSeal(opened))) {
                throw new IOException("they were closed");
            }
            return opened.map(FileChannel.MapMode.READ_ONLY, 0, length);
        } catch (NoSuchFileException e) {
            throw seal == null ? e : new IOException("they were closed, or the process that shared them is gone", e);
        }
    }

    /** Gives up a file of ours. */
    public void close() {
        if (channel == null) {
            return;
        }
        try (channel) {
            Path named = Path.of(path);
            if (!named.startsWith(PROCESSES)) {
                Files.deleteIfExists(named);
            }
        } catch (IOException e) {
            // Only where open files can't be deleted; then it is done at exit, as was asked for when it was made.
        }
    }

    /** Where our files are made. */
    public static Path directory() {
        boolean memory = Files.isDirectory(MEMORY) && Files.isWritable(MEMORY);
        return memory ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** In pieces, since the JDK copies a piece to memory outside of the heap first. */
    private static void fill(FileChannel channel, byte[] bytes, UUID seal) throws IOException {
        for (int i = 0; i < bytes.length; i += PIECE) {
            writeFully(channel, ByteBuffer.wrap(bytes, i, Math.min(PIECE, bytes.length - i)));
        }
        ByteBuffer end = ByteBuffer.allocate(SEAL_BYTES);
        end.putLong(seal.getMostSignificantBits()).putLong(seal.getLeastSignificantBits());
        writeFully(channel, end.flip());
    }

    private static void writeFully(FileChannel channel, ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source);
        }
    }

    private UUID readSeal(FileChannel opened) throws IOException {
        ByteBuffer end = ByteBuffer.allocate(SEAL_BYTES);
        while (end.hasRemaining()) {
            if (opened.read(end, length + end.position()) < 0) {
                throw new IOException("they were closed");
            }
        }
        end.flip();
        return new UUID(end.getLong(), end.getLong());
    }

    /** Where other processes find an open file of this one that has no name any more. */
    private static String descriptorOf(Path deleted) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (target(descriptor).startsWith(deleted.toString())) {
                    return PROCESSES
                            .resolve(ProcessHandle.current().pid() + "/fd/" + descriptor.getFileName())
                            .toString();
                }
            }
        }
        throw new IOException("no descriptor of " + deleted + " in " + DESCRIPTORS);
    }

    /** What the link says; empty for one that has been closed by now, as the one of this very listing will be. */
    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
