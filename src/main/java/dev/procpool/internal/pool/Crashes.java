package dev.procpool.internal.pool;

import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import dev.procpool.internal.worker.Death;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what happened to whom and why, in words a person can act on. */
public final class Crashes {
    private static final int LINES_IN_MESSAGE = 8;

    private Crashes() {}

    public static WorkerCrashedException crashed(
            Death death, List<Death> earlier, String task, long ranNanos, String output) {
        StringBuilder message = new StringBuilder("worker ")
                .append(death.worker())
                .append(" (pid ")
                .append(death.pid())
                .append(") ")
                .append(how(death))
                .append(" while it ran ")
                .append(task);
        if (ranNanos > 0) {
            message.append(", after ").append(seconds(ranNanos));
        }
        if (!earlier.isEmpty()) {
            message.append("; it has taken ")
                    .append(earlier.size() + 1)
                    .append(" workers with it, its retries are used up");
        }
        if (death.errorFile() != null) {
            message.append("; error file: ").append(death.errorFile());
        }
        appendLines(message, "last lines on stderr", death.stderrTail());
        appendLines(message, "output of the task", output);
        return withEarlier(exception(message.toString(), death), earlier);
    }

    static TaskTimeoutException timedOut(
            Death death, List<Death> earlier, String task, Duration timeout, String output) {
        StringBuilder message = new StringBuilder(task)
                .append(" was stopped: it ran longer than its timeout, ")
                .append(seconds(timeout.toNanos()))
                .append(", in worker ")
                .append(death.worker())
                .append(" (pid ")
                .append(death.pid())
                .append(')');
        if (!earlier.isEmpty()) {
            message.append("; it has taken ")
                    .append(earlier.size() + 1)
                    .append(" workers with it, its retries are used up");
        }
        appendLines(message, "output of the task", output);
        return withEarlier(new TaskTimeoutException(message.toString(), timeout), earlier);
    }

    private static WorkerCrashedException exception(String message, Death death) {
        boolean signalled = death.signal() != null;
        return new WorkerCrashedException(
                message,
                reason(death),
                death.pid(),
                signalled || isExitCodeUnknown(death) ? null : (Integer) death.exitCode(),
                death.signal(),
                death.stderrTail(),
                death.errorFile() == null ? null : Path.of(death.errorFile()));
    }

    /** What happened to the workers that the task took before is part of the story. */
    private static <E extends Exception> E withEarlier(E exception, List<Death> earlier) {
        for (Death death : earlier) {
            String message = "earlier, worker " + death.worker() + " (pid " + death.pid() + ") " + how(death);
            exception.addSuppressed(exception(message, death));
        }
        return exception;
    }

    private static WorkerCrashedException.Reason reason(Death death) {
        return switch (death.cause()) {
            case SIGNAL -> WorkerCrashedException.Reason.SIGNAL;
            case OUT_OF_MEMORY -> WorkerCrashedException.Reason.OUT_OF_MEMORY;
            case UNRESPONSIVE -> WorkerCrashedException.Reason.UNRESPONSIVE;
            case PROTOCOL -> WorkerCrashedException.Reason.PROTOCOL;
            default ->
                death.signal() != null ? WorkerCrashedException.Reason.SIGNAL : WorkerCrashedException.Reason.EXIT;
        };
    }

    private static String how(Death death) {
        String detail = death.detail() == null ? "" : " (" + death.detail() + ")";
        return switch (death.cause()) {
            case SIGNAL ->
                (detail.isEmpty() ? "was ended by " : "was killed after ") + death.signal() + detail + suspicion(death);
            case OUT_OF_MEMORY ->
                (death.detail() == null ? "ran out of memory" : "took too much memory and was killed")
                        + detail
                        + (death.detail() == null
                                ? "; Builder.heapSize gives it more"
                                : "; Builder.maxWorkerMemory allows it more");
            case UNRESPONSIVE -> "did not respond and was killed" + detail;
            case PROTOCOL -> "broke the protocol and was killed" + detail;
            case START_TIMEOUT -> "was not ready in time and was killed" + detail;
            case DEADLINE -> "was killed, since the task ran past its timeout";
            default ->
                death.signal() != null
                        ? "was ended by " + death.signal()
                        : wasStoppedWhileItExited(death)
                                ? "had begun to exit and was killed" + detail
                                : death.exitCode() == Death.UNKNOWN_EXIT_CODE
                                        ? "ended when the heap of this JVM was too full to learn its exit code"
                                        : "ended with exit code " + death.exitCode();
        };
    }

    private static boolean isExitCodeUnknown(Death death) {
        return wasStoppedWhileItExited(death) || death.exitCode() == Death.UNKNOWN_EXIT_CODE;
    }

    /** Then nobody knows the exit code that it was about to end with. */
    private static boolean wasStoppedWhileItExited(Death death) {
        return death.cause() == Death.Cause.EXIT && death.detail() != null;
    }

    private static String suspicion(Death death) {
        return "SIGKILL".equals(death.signal())
                ? ", which this pool did not send: probably the kernel's out-of-memory killer, or somebody's kill -9,"
                : "";
    }

    private static void appendLines(StringBuilder message, String what, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        List<String> lines = text.strip().lines().toList();
        message.append("\n  ").append(what).append(':');
        for (int i = Math.max(0, lines.size() - LINES_IN_MESSAGE); i < lines.size(); i++) {
            message.append("\n    ").append(lines.get(i));
        }
    }

    private static String seconds(long nanos) {
        return nanos < 1_000_000_000 ? nanos / 1_000_000 + " ms" : Math.round(nanos / 1e8) / 10.0 + " s";
    }
}
