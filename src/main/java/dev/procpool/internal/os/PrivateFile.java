package dev.procpool.internal.os;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that only this user can read, in memory where there is a tmpfs, and on Linux without a name: it is unlinked at
 * once and reached through this process's descriptor, so that no kind of death leaves anything behind. Elsewhere the name
 * goes when the file is closed.
 */
public final class PrivateFile implements Closeable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** With the last of these the JDK unlinks a file, on Unix systems, as soon as it has opened it. */
    private static final Set<OpenOption> UNLINKED = Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.DELETE_ON_CLOSE);

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final FileChannel channel;
    private final Path path;
    private final boolean named;

    private PrivateFile(FileChannel channel, Path path, boolean named) {
        this.channel = channel;
        this.path = path;
        this.named = named;
    }

    /** Creates an empty file, in memory if possible, else where temporary files go. */
    public static PrivateFile create() throws IOException {
        return create(0);
    }

    /**
     * Creates a file of {@code size} zero bytes. They are really written: a sparse file would turn a full disk into a
     * fault at some later access.
     */
    public static PrivateFile create(long size) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        IOException inMemory = null;
        if (Files.isWritable(SHARED_MEMORY)) {
            try {
                return create(SHARED_MEMORY, size);
            } catch (ClosedByInterruptException e) {
                throw e; // says nothing about the folder
            } catch (IOException e) {
                inMemory = e; // full, most likely: small in containers
            }
        }
        try {
            return create(temporary, size);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            String message = "can't create a file of " + size + " bytes in " + temporary
                    + (inMemory == null ? "" : " nor in " + SHARED_MEMORY)
                    + "; free some space or set java.io.tmpdir to a folder that can be written";
            IOException failure = new IOException(message, e);
            if (inMemory != null) {
                failure.addSuppressed(inMemory);
            }
            throw failure;
        }
    }

    private static PrivateFile create(Path folder, long size) throws IOException {
        PrivateFile file = Files.isDirectory(DESCRIPTORS) ? withoutName(folder) : withName(folder);
        try {
            ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
            for (long left = size; left > 0; ) {
                zeros.clear().limit((int) Math.min(left, zeros.capacity()));
                left -= file.channel.write(zeros);
            }
            file.channel.position(0);
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static PrivateFile withoutName(Path folder) throws IOException {
        Path path = folder.toRealPath().resolve("procpool-" + Names.unique());
        FileChannel channel = FileChannel.open(path, UNLINKED, OWNER_ONLY);
        try {
            return new PrivateFile(channel, descriptorOf(path), false);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static PrivateFile withName(Path folder) throws IOException {
        Path path = Files.createTempFile(folder, "procpool-", null); // mode 0600
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new PrivateFile(channel, path, true);
        } catch (IOException e) {
            Files.delete(path);
            throw e;
        }
    }

    /** Under which name other processes of this user can open the descriptor that we hold. */
    private static Path descriptorOf(Path unlinked) throws IOException {
        Path target = Path.of(unlinked + " (deleted)"); // as Linux says it
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (isLinkTo(descriptor, target)) {
                    long self = ProcessHandle.current().pid();
                    return Path.of("/proc/" + self + "/fd/" + descriptor.getFileName());
                }
            }
        }
        throw new IOException("no descriptor in " + DESCRIPTORS + " leads to " + target);
    }

    private static boolean isLinkTo(Path descriptor, Path target) {
        try {
            return Files.readSymbolicLink(descriptor).equals(target);
        } catch (IOException e) {
            return false; // closed meanwhile by another thread
        }
    }

    /** Open until {@link #close()}. */
    public FileChannel channel() {
        return channel;
    }

    /** The path under which another process of this user can open the file until {@link #close()}. */
    public Path path() {
        return path;
    }

    /** Gives the file up; mappings of it, here and elsewhere, stay valid. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (named) {
            Files.deleteIfExists(path);
        }
    }
}
