package dev.procpool.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process that is being measured, if any: at most one at a time. Once {@link #stop} was called, it is gone with all
 * its descendants, and no other starts. Thread-safe.
 */
final class ChildProcesses {
    /** The exit codes of a JVM after SIGINT and SIGTERM. */
    private static final Set<Integer> STOPPED_FROM_OUTSIDE = Set.of(130, 143);

    private static final long STOP_GRACE_MILLIS = 1000;
    private static final String STOPPED = "stopped";

    private @Nullable Process current;
    private boolean stopped;
    private volatile long endNanos = System.nanoTime() + Long.MAX_VALUE / 2;

    /** Sets the time, by {@link System#nanoTime}, by which any process must have ended. */
    void endBy(long nanoTime) {
        endNanos = nanoTime;
    }

    /** Starts a process, unless the lab is being stopped. */
    synchronized Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        if (stopped) {
            throw new InterruptedException(STOPPED);
        }
        current = builder.start();
        return current;
    }

    /**
     * Waits until the process has ended.
     *
     * @param what for the message
     * @throws LabException if it takes longer than {@code limit}; the process is gone then
     * @throws InterruptedException if the lab is being stopped, or the process was still running when all must end; the
     *     message says which
     */
    void await(Process process, Duration limit, String what) throws InterruptedException {
        long leftNanos = endNanos - System.nanoTime();
        boolean ended = process.waitFor(Math.min(limit.toNanos(), leftNanos), TimeUnit.NANOSECONDS);
        if (!ended) {
            destroy(process);
        }
        if (ended && STOPPED_FROM_OUTSIDE.contains(process.exitValue())) {
            awaitStop();
        }
        if (isStopped()) {
            throw new InterruptedException(STOPPED);
        }
        if (!ended && leftNanos < limit.toNanos()) {
            throw new InterruptedException(
                    "the time is over; what was being measured, " + what + ", took too long for it");
        }
        if (!ended) {
            throw LabException.failed(what + " did not end within " + limit.toSeconds() + " s");
        }
    }

    /** Ends the current process and lets no other start. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
        if (current != null) {
            destroy(current);
        }
    }

    /** Ctrl-C goes to all processes at a terminal: the measured one may end before we are told. */
    private synchronized void awaitStop() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_GRACE_MILLIS);
        for (long left = STOP_GRACE_MILLIS; !stopped && left > 0; ) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
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
