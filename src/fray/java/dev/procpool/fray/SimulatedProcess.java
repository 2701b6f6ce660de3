package dev.procpool.fray;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that is a thread of this JVM. As with a real one, a kill is not yet the end: the thread may be anywhere, and
 * does nothing that anybody else could see from then on; then its pipes end, then it has ended.
 */
public final class SimulatedProcess extends Process {
    private static final int SIGKILL = 128 + 9;
    private static final int SIGTERM = 128 + 15;
    /** No real process has such a number. */
    private static final long FIRST_PID = 1_000_000_000;

    private final long pid;
    private final Pipe toChild = new Pipe(this::isDoomed);
    private final Pipe fromChild = new Pipe(() -> false);
    private final Pipe errors = new Pipe(() -> false);
    /** Plain, and read without a lock: only one thread runs at a time. */
    private int cause = -1;

    private int exitCode = -1;
    private @Nullable Runnable exitNote;

    /** A process that runs nothing yet. */
    public SimulatedProcess(int id) {
        this.pid = FIRST_PID + id;
    }

    /** Its first thread runs {@code main}. */
    public void start(ChildThread.Main main) {
        new ChildThread(this, main).start();
    }

    /** The child's end of the pipe on which the parent rings. */
    public InputStream childIn() {
        return toChild.in();
    }

    /** The child's end of the pipe on which it rings. */
    public OutputStream childOut() {
        return fromChild.out();
    }

    boolean isDoomed() {
        return cause >= 0;
    }

    synchronized int causeOfDeath() {
        return cause;
    }

    /** From now on it does nothing any more; the first cause counts. */
    void doom(int code) {
        synchronized (this) {
            if (cause < 0 && exitCode < 0) {
                cause = code;
            }
            notifyAll();
        }
        toChild.wake();
    }

    /** Kills it from outside. */
    public void kill() {
        doom(SIGKILL);
    }

    /** Whether it is the first of its pool. */
    public boolean isFirst() {
        return pid == FIRST_PID + 1;
    }

    /** What its JVM does first when it begins to exit. */
    public void onExit(Runnable note) {
        exitNote = note;
    }

    /** Its JVM begins to exit; its shutdown hooks don't come to an end. */
    public void beginExit() {
        Objects.requireNonNull(exitNote).run();
    }

    /** What a task does that never ends by itself. */
    public synchronized void hang() {
        while (cause < 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
            }
        }
        throw new ChildThread.Killed();
    }

    void complain(Exception e) {
        e.printStackTrace(new PrintStream(errors.out(), true, StandardCharsets.UTF_8));
    }

    void ended(int code) {
        toChild.close();
        fromChild.close();
        errors.close();
        synchronized (this) {
            exitCode = code;
            notifyAll();
        }
    }

    // ---- the parent's view ------------------------------------------------------------------------------------------

    @Override
    public OutputStream getOutputStream() {
        return toChild.out();
    }

    @Override
    public InputStream getInputStream() {
        return fromChild.in();
    }

    @Override
    public InputStream getErrorStream() {
        return errors.in();
    }

    @Override
    public synchronized int waitFor() throws InterruptedException {
        while (exitCode < 0) {
            wait();
        }
        return exitCode;
    }

    @Override
    public synchronized boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        while (exitCode < 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }

    @Override
    public synchronized int exitValue() {
        if (exitCode < 0) {
            throw new IllegalThreadStateException("it has not ended");
        }
        return exitCode;
    }

    @Override
    public synchronized boolean isAlive() {
        return exitCode < 0;
    }

    @Override
    public void destroy() {
        doom(SIGTERM);
    }

    @Override
    public Process destroyForcibly() {
        doom(SIGKILL);
        return this;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public ProcessHandle toHandle() {
        return new Handle();
    }

    private final class Handle implements ProcessHandle {
        @Override
        public long pid() {
            return pid;
        }

        @Override
        public Optional<ProcessHandle> parent() {
            return Optional.of(ProcessHandle.current());
        }

        @Override
        public Stream<ProcessHandle> children() {
            return Stream.empty();
        }

        @Override
        public Stream<ProcessHandle> descendants() {
            return Stream.empty();
        }

        @Override
        public Info info() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public CompletableFuture<ProcessHandle> onExit() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public boolean supportsNormalTermination() {
            return true;
        }

        @Override
        public boolean destroy() {
            doom(SIGTERM);
            return true;
        }

        @Override
        public boolean destroyForcibly() {
            doom(SIGKILL);
            return true;
        }

        @Override
        public boolean isAlive() {
            return SimulatedProcess.this.isAlive();
        }

        @Override
        public int compareTo(ProcessHandle other) {
            return Long.compare(pid, other.pid());
        }

        @Override
        public int hashCode() {
            return Long.hashCode(pid);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Handle handle && handle.pid() == pid;
        }
    }
}
