package dev.procpool.internal.worker;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a worker ended, as far as the parent can know.
 *
 * @param worker its name
 * @param pid its process id
 * @param exitCode what the system reported; above 128 it may stand for a signal
 * @param signal the name of the signal that ended it, or null
 * @param cause who or what ended it
 * @param stderrTail the last lines that it printed on stderr
 * @param errorFile the JVM's error file, or null
 * @param detail further words for a person, or null
 * @param age how long it lived
 */
public record Death(
        String worker,
        long pid,
        int exitCode,
        @Nullable String signal,
        Cause cause,
        String stderrTail,
        @Nullable String errorFile,
        @Nullable String detail,
        Duration age) {
    /** The exit code of a process whose end this JVM's heap was too full to learn of in time. */
    public static final int UNKNOWN_EXIT_CODE = -1;

    /** What the exit code and the last lines on stderr say about a process that this JVM did not kill. */
    public static Death of(String worker, long pid, int exitCode, List<String> stderr, Duration age) {
        StderrTail tail = new StderrTail();
        stderr.forEach(tail::add);
        String signal = Signals.ofExitCode(exitCode);
        String crashSignal = tail.crashSignal();
        Cause cause = tail.endedForMemory() || (signal == null && tail.speaksOfMemory())
                ? Cause.OUT_OF_MEMORY
                : signal != null ? Cause.SIGNAL : Cause.EXIT;
        return new Death(
                worker,
                pid,
                exitCode,
                signal != null && crashSignal != null ? crashSignal : signal,
                cause,
                tail.toString(),
                tail.errorFile(),
                null,
                age);
    }

    /** Whether it looks as if somebody has killed it: by a signal that no process brings upon itself. */
    public boolean wasKilledFromOutside() {
        return cause == Cause.SIGNAL && ("SIGKILL".equals(signal) || "SIGTERM".equals(signal));
    }

    /** Who or what ended a worker. Those from {@link #START_TIMEOUT} on are the pool's own doing. */
    public enum Cause {
        /** It ended by itself. */
        EXIT,
        /** A signal that this pool did not send. */
        SIGNAL,
        /** It ran out of memory, or was killed since it took too much. */
        OUT_OF_MEMORY,
        /** It showed no sign of life and was killed. */
        UNRESPONSIVE,
        /** It sent what is no frame and was killed. */
        PROTOCOL,
        /** It did not become ready in time and was killed. */
        START_TIMEOUT,
        /** Killed: its task was past the deadline. */
        DEADLINE,
        /** Killed: its task was cancelled. */
        CANCEL,
        /** Killed: the pool is shutting down. */
        SHUTDOWN,
        /** Asked to end. */
        RETIRED;

        /** Whether the worker died, or had to be killed, by its own fault. */
        public boolean isCrash() {
            return compareTo(PROTOCOL) <= 0;
        }
    }
}
