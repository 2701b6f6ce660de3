package dev.procpool.spark;

import dev.procpool.Codec;
import dev.procpool.RemoteTaskException;
import dev.procpool.TaskSerializationException;
import dev.procpool.TaskSerializationException.Stage;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import dev.procpool.internal.codec.DecodeException;
import dev.procpool.internal.codec.Filters;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.codec.ThrowableCodec;
import dev.procpool.internal.wire.PayloadReader;
import java.io.ObjectInputFilter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What replies and deaths mean for a future. */
final class Outcomes {
    private static final Codec CODEC = Codec.javaSerialization();
    private static final ObjectInputFilter FILTER = Filters.defaultFilter();
    private static final Pattern EXIT_CODE =
            Pattern.compile("exited with code (-?[0-9]+)|exit (?:code|status):? ?([0-9]+)");
    /** A shell's exit code for a process that a signal ended: this and the signal's number. */
    private static final int SIGNALLED = 128;

    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV",
            15, "SIGTERM");

    private Outcomes() {}

    /** Completes the future of a task for which there is a reply. */
    static void complete(SparkTask<?> task, Groups.Reply reply) {
        PayloadReader in = new PayloadReader(reply.body(), 0, reply.body().length);
        try {
            switch (reply.kind()) {
                case Groups.VALUE -> task.succeedWith(new TaskDecoder(CODEC, FILTER).decodeValue(in));
                case Groups.THROWN -> task.failWith(thrown(in, task));
                case Groups.DECODE_FAILED ->
                    task.failWith(
                            notCoded(in, Stage.TASK_DECODE, task.name() + " could not be rebuilt in its executor: "));
                default ->
                    task.failWith(
                            notCoded(in, Stage.RESULT_ENCODE, "the result of " + task.name() + " could not be sent: "));
            }
        } catch (DecodeException e) {
            task.failWith(new TaskSerializationException(
                    Stage.RESULT_DECODE, "the result could not be rebuilt: " + e.getMessage(), e));
        } catch (Throwable e) { // whatever a hostile reply can bring about must not end the thread that delivers
            task.failWith(new TaskSerializationException(
                    Stage.RESULT_DECODE, "the result of " + task.name() + " could not be rebuilt: " + e, e));
        }
    }

    private static Throwable thrown(PayloadReader in, SparkTask<?> task) {
        ThrowableCodec.Decoded decoded = ThrowableCodec.decode(in, CODEC, FILTER);
        Throwable original = decoded.original();
        return original != null
                ? original
                : new RemoteTaskException(
                        decoded.className(),
                        task.name() + " threw " + decoded.className() + ": " + decoded.message(),
                        decoded.stackTrace());
    }

    private static TaskSerializationException notCoded(PayloadReader in, Stage stage, String message) {
        ThrowableCodec.Decoded decoded = ThrowableCodec.decode(in, CODEC, FILTER);
        Throwable original = decoded.original();
        Throwable cause = original != null
                ? original
                : new RemoteTaskException(decoded.className(), decoded.message(), decoded.stackTrace());
        return new TaskSerializationException(stage, message + decoded.message(), cause);
    }

    /**
     * What to tell of a task whose executor died.
     *
     * @param why what Spark says about it, exit code included if it knows
     */
    static WorkerCrashedException crashed(SparkTask<?> task, long pid, String why) {
        Integer exitCode = exitCode(why);
        String signal = exitCode == null ? null : SIGNALS.get(exitCode - SIGNALLED);
        StringBuilder message =
                new StringBuilder("the executor (pid ").append(pid).append(") ");
        if (signal != null) {
            message.append("was ended by ").append(signal);
        } else if (exitCode != null) {
            message.append("ended with exit code ").append(exitCode);
        } else {
            message.append("was lost");
        }
        message.append(" while it ran ").append(task.name());
        if (task.attempts() > 1) {
            message.append("; this task has now taken ").append(task.attempts()).append(" executors with it");
        }
        message.append("; Spark says: ").append(firstLine(why));
        return new WorkerCrashedException(
                message.toString(),
                signal == null ? Reason.EXIT : Reason.SIGNAL,
                pid,
                signal == null ? exitCode : null,
                signal,
                "",
                null);
    }

    private static @Nullable Integer exitCode(String why) {
        Matcher matcher = EXIT_CODE.matcher(why);
        if (!matcher.find()) {
            return null;
        }
        return Integer.valueOf(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
