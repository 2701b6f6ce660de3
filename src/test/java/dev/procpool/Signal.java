package dev.procpool;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A counter in a file: what a task, in whatever process, and its test can tell each other. It can be captured by any
 * task.
 */
public record Signal(String file) implements Serializable {
    private static final int POLL_MILLIS = 2;

    public static Signal in(Path folder, String name) {
        return new Signal(folder.resolve(name).toString());
    }

    /** Counts up. */
    public void raise() {
        try {
            Files.write(path(), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long count() {
        return path().toFile().length(); // 0 if there is none
    }

    public boolean isRaised() {
        return count() > 0;
    }

    /** For tests: waits until it is raised, or fails. */
    public void expect() {
        await().atMost(Limits.LONG).pollInterval(Duration.ofMillis(POLL_MILLIS)).until(this::isRaised);
    }

    /** For tasks: waits until it is raised or the thread is interrupted. */
    public void awaitInTask() throws InterruptedException {
        while (!isRaised()) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** For tasks: counts up without end, until the thread is interrupted or the process killed. */
    public void raiseForEver() throws InterruptedException {
        while (true) {
            raise();
            Thread.sleep(POLL_MILLIS);
        }
    }

    private Path path() {
        return Path.of(file);
    }
}
