package dev.procpool.internal.pool;

import dev.procpool.Codec;
import dev.procpool.RemoteTaskException;
import dev.procpool.TaskSerializationException;
import dev.procpool.internal.codec.DecodeException;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.codec.ThrowableCodec;
import dev.procpool.internal.codec.ValueCodec;
import dev.procpool.internal.codec.Words;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.PayloadReader;
import java.io.ObjectInputFilter;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns the frames with which a child answers into values and exceptions. Thread-safe. */
public final class Results {
    /** Stands for the value null where null means that there is no value. */
    public static final Object NULL = new Object();

    /** Instead of a value: what to complete the future with. */
    public record Thrown(Throwable throwable) {}

    /** From this length on it is the result, not a shortage of the moment, that the heap can't take. */
    static final long LARGE = 1 << 20;

    private final Codec codec;
    private final ObjectInputFilter filter;
    private final TaskDecoder decoder;

    public Results(Codec codec, ObjectInputFilter filter) {
        this.codec = codec;
        this.filter = filter;
        this.decoder = new TaskDecoder(codec, filter); // has no definitions, so any number of threads may use it
    }

    /** The value, {@link #NULL} for null, if it can be decoded at once without running foreign code; else null. */
    @Nullable Object simpleValue(byte[] buffer, int offset, int length) {
        if (length == 0 || !ValueCodec.isSimple(buffer[offset] & 0xFF)) {
            return null;
        }
        try {
            Object value = decoder.decodeValue(new PayloadReader(buffer, offset, offset + length));
            return value == null ? NULL : value;
        } catch (DecodeException e) {
            throwIfMemory(e);
            return new Thrown(notDecoded(e));
        }
    }

    /** A shortage of this JVM's own is none of the result's faults: the caller deals with it. */
    private static void throwIfMemory(DecodeException e) {
        if (e.getCause() instanceof OutOfMemoryError shortage) {
            throw shortage;
        }
    }

    /** What becomes of a task whose result this JVM's heap can't take. */
    TaskSerializationException tooLarge(String task, long length, Throwable why) {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        return new TaskSerializationException(
                TaskSerializationException.Stage.RESULT_DECODE,
                "the result of " + task + " has " + length + " bytes; of this JVM's heap of " + runtime.maxMemory()
                        + " bytes " + free + " are free: give it more by -Xmx, or have the task write a file",
                why);
    }

    /** The body for later: the buffer itself if it holds nothing else, else a copy of the part. */
    static byte[] own(byte[] buffer, int offset, int length) {
        boolean whole = offset == 0 && length == buffer.length;
        return whole ? buffer : Arrays.copyOfRange(buffer, offset, offset + length);
    }

    /** Whether {@link #outcome} of this answer may run code of the objects in it. */
    static boolean decodesObjects(byte kind, byte[] body) {
        return kind != Frames.BYTES
                && (kind != Frames.VALUE || body.length == 0 || !ValueCodec.isPlain(body[0] & 0xFF));
    }

    /**
     * What an answer means: a value ({@link #NULL} for null) or {@link Thrown}.
     *
     * @throws OutOfMemoryError if this JVM has no memory for it
     */
    public Object outcome(byte kind, byte[] body, Supplier<String> task) {
        PayloadReader in = new PayloadReader(body, 0, body.length);
        try {
            return switch (kind) {
                case Frames.BYTES -> body;
                case Frames.VALUE -> {
                    Object value = decoder.decodeValue(in);
                    yield value == null ? NULL : value;
                }
                case Frames.THROWN -> new Thrown(thrown(in, task.get()));
                case Frames.DECODE_FAILED ->
                    new Thrown(notCoded(
                            in,
                            TaskSerializationException.Stage.TASK_DECODE,
                            task.get() + " could not be rebuilt in its worker: "));
                case Frames.ENCODE_FAILED ->
                    new Thrown(notCoded(
                            in,
                            TaskSerializationException.Stage.RESULT_ENCODE,
                            "the result of " + task.get() + " could not be sent: "));
                default ->
                    new Thrown(new TaskSerializationException(
                            TaskSerializationException.Stage.RESULT_DECODE, "a reply of unknown kind " + kind, null));
            };
        } catch (DecodeException e) {
            throwIfMemory(e);
            return new Thrown(notDecoded(e));
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) { // whatever a hostile reply can bring about must not reach the thread that reads
            return new Thrown(new TaskSerializationException(
                    TaskSerializationException.Stage.RESULT_DECODE,
                    "the result of " + task.get() + " could not be rebuilt: " + Words.of(e),
                    e));
        }
    }

    private static TaskSerializationException notDecoded(DecodeException e) {
        return new TaskSerializationException(
                TaskSerializationException.Stage.RESULT_DECODE,
                "the result could not be rebuilt: " + e.getMessage(),
                e);
    }

    private Throwable thrown(PayloadReader in, String task) {
        ThrowableCodec.Decoded decoded = ThrowableCodec.decode(in, codec, filter);
        if (decoded.original() != null) {
            return decoded.original();
        }
        return new RemoteTaskException(
                decoded.className(),
                task + " threw " + decoded.className() + ": " + decoded.message(),
                decoded.stackTrace());
    }

    private TaskSerializationException notCoded(
            PayloadReader in, TaskSerializationException.Stage stage, String message) {
        ThrowableCodec.Decoded decoded = ThrowableCodec.decode(in, codec, filter);
        Throwable original = decoded.original();
        RemoteTaskException remote =
                new RemoteTaskException(decoded.className(), decoded.message(), decoded.stackTrace());
        return new TaskSerializationException(stage, message + decoded.message(), original != null ? original : remote);
    }
}
