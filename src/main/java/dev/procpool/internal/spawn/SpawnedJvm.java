package dev.procpool.internal.spawn;

import dev.procpool.internal.os.ProcessTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DaemonExecutor;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteException;
import org.apache.commons.exec.ExecuteResultHandler;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.LogOutputStream;
import org.apache.commons.exec.PumpStreamHandler;
import org.apache.commons.exec.Watchdog;
import org.jspecify.annotations.Nullable;

/** Runs a child JVM to its end, by commons-exec. Its stdin stays open, so that it sees when this JVM is gone. */
public final class SpawnedJvm {
    private static final int LINES_KEPT = 50;
    /** How long to wait for output after the end: somebody else may have inherited the pipes. */
    private static final Duration OUTPUT_GRACE = Duration.ofSeconds(1);

    private SpawnedJvm() {}

    /**
     * How a child ended.
     *
     * @param exitCode what the system reported; above 128 it may stand for a signal
     * @param stderr the last lines that it printed on stderr
     */
    public record End(int exitCode, List<String> stderr) {}

    /**
     * Runs a child JVM and waits for its end.
     *
     * @param java the {@code java} command
     * @param argument its only argument, an {@code @}file
     * @param environment all of its environment
     * @param started takes the process id
     * @param out takes the lines it prints on stdout
     * @param err takes the lines it prints on stderr
     * @throws InterruptedException if interrupted; then the child and all that it started have been killed
     * @throws IOException if it can't be started
     */
    public static End run(
            Path java,
            String argument,
            Map<String, String> environment,
            LongConsumer started,
            Consumer<String> out,
            Consumer<String> err)
            throws IOException, InterruptedException {
        Tail tail = new Tail(err);
        TreeWatchdog watchdog = new TreeWatchdog(started);
        PumpStreamHandler streams = new PumpStreamHandler(new Lines(out), new Lines(tail)) {
            @Override
            public void setProcessInputStream(java.io.OutputStream stdin) {
                // Neither fed nor closed: its end is the child's sign that we are gone.
            }
        };
        streams.setStopTimeout(OUTPUT_GRACE);
        DefaultExecutor executor =
                DaemonExecutor.builder().setExecuteStreamHandler(streams).get();
        executor.setWatchdog(watchdog);
        Ended ended = new Ended();
        executor.execute(new CommandLine(java.toFile()).addArgument(argument, false), environment, ended);
        try {
            ended.get();
        } catch (InterruptedException e) {
            watchdog.destroyProcess();
            ended.exceptionally(failure -> null).join();
            throw e;
        } catch (ExecutionException e) {
            throw new IOException("can't run " + java + ": " + e.getCause(), e.getCause());
        }
        return new End(watchdog.process().exitValue(), tail.lines());
    }

    /** Completes when the process has ended, or could not be started. */
    private static final class Ended extends CompletableFuture<@Nullable Void> implements ExecuteResultHandler {
        @Override
        public void onProcessComplete(int exitValue) {
            complete(null);
        }

        /** Also called for an exit code other than 0, and when the pipes stay open longer than the process lives. */
        @Override
        public void onProcessFailed(ExecuteException failure) {
            if (failure.getCause() == null) {
                complete(null);
            } else {
                completeExceptionally(failure.getCause());
            }
        }
    }

    /** Has no time limit, and kills for good: with all descendants, and not by a signal that can be ignored. */
    private static final class TreeWatchdog extends ExecuteWatchdog {
        private final LongConsumer started;
        private @Nullable Process process;

        @SuppressWarnings("deprecation") // its builder can't make a subclass
        TreeWatchdog(LongConsumer started) {
            super(INFINITE_TIMEOUT);
            this.started = started;
        }

        @Override
        public synchronized void start(Process process) {
            this.process = process;
            started.accept(process.pid());
            super.start(process);
        }

        @Override
        public synchronized void timeoutOccured(Watchdog timer) {
            if (process != null) {
                ProcessTree.kill(process.toHandle());
            }
            super.timeoutOccured(timer);
        }

        synchronized Process process() {
            return Objects.requireNonNull(process, "it never started");
        }
    }

    private static final class Lines extends LogOutputStream {
        private final Consumer<String> consumer;

        Lines(Consumer<String> consumer) {
            super(0, StandardCharsets.UTF_8);
            this.consumer = consumer;
        }

        @Override
        protected void processLine(String line, int level) {
            consumer.accept(line);
        }
    }

    /** Passes lines on and keeps the last ones. */
    private static final class Tail implements Consumer<String> {
        private final Consumer<String> next;
        private final Deque<String> kept = new ArrayDeque<>();

        Tail(Consumer<String> next) {
            this.next = next;
        }

        @Override
        public void accept(String line) {
            synchronized (this) {
                if (kept.size() == LINES_KEPT) {
                    kept.removeFirst();
                }
                kept.addLast(line);
            }
            next.accept(line);
        }

        synchronized List<String> lines() {
            return List.copyOf(kept);
        }
    }
}
