package dev.procpool;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The worker that ran this task died. Only this task is lost; the worker is replaced. */
public class WorkerCrashedException extends RuntimeException {
    private final Reason reason;
    private final long pid;
    private final @Nullable Integer exitCode;
    private final @Nullable String signal;
    private final String stderrTail;
    private final @Nullable String errorFile;

    /**
     * Creates one.
     *
     * @param message what happened to whom and why, in words a person can act on
     * @param reason how the worker died
     * @param pid the worker's process id
     * @param exitCode its exit code, or null if it has none: a signal ended it
     * @param signal the name of the signal that ended it, such as {@code SIGKILL}, or null
     * @param stderrTail the last lines it printed on stderr, possibly empty
     * @param errorFile where the JVM wrote its {@code hs_err} file, or null
     */
    public WorkerCrashedException(
            String message,
            Reason reason,
            long pid,
            @Nullable Integer exitCode,
            @Nullable String signal,
            String stderrTail,
            @Nullable Path errorFile) {
        super(message);
        this.reason = reason;
        this.pid = pid;
        this.exitCode = exitCode;
        this.signal = signal;
        this.stderrTail = stderrTail;
        this.errorFile = errorFile == null ? null : errorFile.toString();
    }

    /** How the worker died. */
    public Reason reason() {
        return reason;
    }

    /** Its process id. */
    public long pid() {
        return pid;
    }

    /** Its exit code, unless a signal ended it, or it was killed since its exit did not come to an end. */
    public OptionalInt exitCode() {
        return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }

    /** The name of the signal that ended it, such as {@code SIGKILL}, if one did. */
    public Optional<String> signal() {
        return Optional.ofNullable(signal);
    }

    /** The last lines that it printed on stderr; empty if it printed none. */
    public String stderrTail() {
        return stderrTail;
    }

    /** The JVM's {@code hs_err} file, if it wrote one. */
    public Optional<Path> errorFile() {
        return Optional.ofNullable(errorFile).map(Path::of);
    }

    /** How a worker can die. */
    public enum Reason {
        /** It ended by itself: {@code System.exit}, {@code Runtime.halt}, native {@code exit}. */
        EXIT,
        /** A signal ended it: a JVM crash, {@code kill -9}, the kernel's out-of-memory killer. */
        SIGNAL,
        /** It ran out of memory, or far past {@code maxWorkerMemory}. */
        OUT_OF_MEMORY,
        /** No sign of life for {@code heartbeatTimeout}; it was killed. */
        UNRESPONSIVE,
        /** It sent bytes that are no frame; it was killed. */
        PROTOCOL
    }
}
