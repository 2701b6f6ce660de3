package dev.procpool.cli;

import dev.procpool.TaskExecutor;
import dev.procpool.jobs.FileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The files that jobs write before they move them to their place. A job removes its own when it fails, but it can't when
 * its worker is killed; so this side knows all the names, and removes what is left after a job has ended, at the end, and
 * when the JVM shuts down in between.
 */
final class TemporaryFiles implements AutoCloseable {
    private static final long SECONDS_TO_STOP = 2;

    private final TaskExecutor executor;
    private final String run = Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 16);
    private final Set<FileName> pending = ConcurrentHashMap.newKeySet();
    private int count;

    TemporaryFiles(TaskExecutor executor) {
        this.executor = executor;
        // Never removed: that fails once the JVM is on its way out, and with nothing pending the hook does nothing.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndDelete, "procpool-cli-temporary-files"));
    }

    /** A name for what a job writes before it becomes {@code target}. */
    FileName nameBeside(FileName target) {
        FileName name = target.resolveSibling(FileName.of(".procpool-" + run + "-" + count++ + ".tmp"));
        pending.add(name);
        return name;
    }

    /** Call it when the job that writes {@code name} has ended, however. */
    void finished(FileName name) {
        delete(name);
        pending.remove(name);
    }

    @Override
    public void close() {
        pending.forEach(TemporaryFiles::delete);
        pending.clear();
    }

    private void stopAndDelete() {
        if (pending.isEmpty()) {
            return;
        }
        executor.shutdownNow();
        try {
            executor.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private static void delete(FileName name) {
        try {
            Files.deleteIfExists(name.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
