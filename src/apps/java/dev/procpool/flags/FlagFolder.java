package dev.procpool.flags;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The folder that flags are saved to. A flag's file is complete or not there: it is written under a temporary name in
 * the same folder, then moved. Thread-safe.
 */
public final class FlagFolder implements AutoCloseable {
    private final Path folder;
    /** Shared by those who write, exclusive for close: so close waits for files being written, and none is begun after. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed; // guarded by lock

    private FlagFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a folder, makes it if need be, and tries whether it can be written.
     *
     * @throws IOException with one line for the user, if it can't
     */
    public static FlagFolder open(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            Path trial = temporary(folder, "trial");
            try {
                Files.write(trial, new byte[1]);
            } finally {
                Files.deleteIfExists(trial);
            }
        } catch (IOException e) {
            throw new IOException("cannot write to folder '" + folder + "' (" + why(e) + ")", e);
        }
        return new FlagFolder(folder);
    }

    /** Saves one flag; a file of that name is replaced. Returns OK, or an error that says why it couldn't be saved. */
    Download save(String code, byte[] image) {
        Lock writing = lock.readLock();
        writing.lock();
        try {
            if (closed) {
                return Download.error(code, "stopped before it was saved");
            }
            write(FlagImages.fileName(code), image);
            return Download.ok(code);
        } catch (IOException e) {
            return Download.error(code, "cannot write to folder '" + folder + "' (" + why(e) + ")");
        } finally {
            writing.unlock();
        }
    }

    private void write(String name, byte[] image) throws IOException {
        Path part = temporary(folder, name);
        try {
            Files.write(part, image);
            Files.move(part, folder.resolve(name), ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Not {@link Files#createTempFile}: that one's files can be read by their owner only. */
    private static Path temporary(Path folder, String name) {
        return folder.resolve("." + name + "." + ProcessHandle.current().pid() + ".part");
    }

    private static String why(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "not a folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException f) {
            return f.getReason() != null ? f.getReason() : e.toString();
        }
        return String.valueOf(e.getMessage()); // of write: no space left on device
    }

    /** Waits for files that are being written; later ones are refused. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
