package dev.procpool.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process that is being measured, if any: at most one at a time. Once {@link #stop} was called, it is gone with all
 * its descendants, and no other starts. Thread-safe.
 */
final class ChildProcesses {
    private @Nullable Process current;
    private boolean stopped;

    /** Starts a process, unless the lab is being stopped. */
    synchronized Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        if (stopped) {
            throw new InterruptedException("the lab is being stopped");
        }
        current = builder.start();
        return current;
    }

    /**
     * Waits until the process has ended.
     *
     * @param what for the message
     * @throws LabException if it takes longer than {@code limit}; the process is gone then
     * @throws InterruptedException if the lab is being stopped
     */
    void await(Process process, Duration limit, String what) throws InterruptedException {
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            destroy(process);
        }
        if (isStopped()) {
            throw new InterruptedException("the lab is being stopped");
        }
        if (!ended) {
            throw LabException.failed(what + " did not end within " + limit.toSeconds() + " s");
        }
    }

    /** Ends the current process and lets no other start. */
    synchronized void stop() {
        stopped = true;
        if (current != null) {
            destroy(current);
        }
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private static void destroy(Process process) {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** The last line of a file for the end of a message; nothing if the file says nothing. */
    static String tail(Path file) throws IOException {
        List<String> lines = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return lines.isEmpty()
                ? ""
                : "; its last words: " + lines.get(lines.size() - 1).strip();
    }
}
