package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.Payload;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.lang.invoke.SerializedLambda;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Task or value → bytes. Runs on the caller's thread, and is the largest part of what submitting a task costs, so the
 * usual task goes through it with next to no garbage: a lambda that captures nothing or a few plain values.
 *
 * <p>Whatever goes wrong, code of the user's included, comes out as an {@link EncodeException}, and the payload is as it
 * was before. A {@code byte[]} of {@value Payload#BY_REFERENCE} bytes or more is not copied but kept by reference: it
 * must not change until the payload is sent. Immutable and thread-safe.
 */
public final class TaskEncoder {
    private final Codec codec;

    /** Creates an encoder that leaves to {@code codec} what it can't do better. */
    public TaskEncoder(Codec codec) {
        this.codec = codec;
    }

    /** Writes a task: a {@code Callable}, a {@code Runnable}, or one of their serialisable kin. */
    public void encodeTask(Object task, Payload out) throws EncodeException {
        long mark = out.mark();
        try {
            LambdaShape shape = LambdaShape.of(task);
            if (shape != null) {
                writeLambda(task, shape, out);
            } else {
                writeOther(task, out);
            }
        } catch (Throwable e) {
            out.truncate(mark);
            if (task instanceof Future) {
                throw bound(task, e);
            }
            throw failure("the task", task, e);
        }
    }

    /** Writes a function, as a task is written. */
    public void encodeFunction(Object function, Payload out) throws EncodeException {
        encodeTask(function, out);
    }

    /** Writes a value: an argument or a result. A lambda is left to the codec, unlike in a task. */
    public void encodeValue(@Nullable Object value, Payload out) throws EncodeException {
        long mark = out.mark();
        try {
            if (value == null) {
                out.writeByte(ValueCodec.NULL);
            } else if (!ValueCodec.encode(value, out)) {
                writeOther(value, out);
            }
        } catch (Throwable e) {
            out.truncate(mark);
            throw failure("the value", Objects.requireNonNullElse(value, "null"), e);
        }
    }

    /** Writes the handle that a definition is about, and not a reference to that definition. */
    void encodeHandleItself(Handle handle, Payload out) throws EncodeException {
        try {
            Segment.write(handle, new Scope(Codec.javaSerialization(), out, handle));
        } catch (Throwable e) {
            throw failure("the handle", handle, e);
        }
    }

    private void writeCaptured(@Nullable Object value, Payload out) throws Exception {
        if (value == null) {
            out.writeByte(ValueCodec.NULL);
            return;
        }
        if (ValueCodec.encode(value, out)) {
            return;
        }
        LambdaShape shape = LambdaShape.of(value);
        if (shape != null) {
            writeLambda(value, shape, out);
        } else {
            writeOther(value, out);
        }
    }

    private void writeLambda(Object lambda, LambdaShape shape, Payload out) throws Exception {
        int definition = shape.definition();
        out.require(definition);
        out.writeByte(ValueCodec.LAMBDA);
        out.writeVarInt(definition);
        int count = shape.capturedCount();
        if (count == 0) {
            return;
        }
        SerializedLambda description = shape.describe(lambda);
        if (mayBeEntangled(description, count)) {
            Object[] captured = new Object[count];
            for (int i = 0; i < count; i++) {
                captured[i] = description.getCapturedArg(i);
            }
            out.writeByte(ValueCodec.TOGETHER);
            Segment.write(captured, new Scope(codec, out, null));
        } else {
            for (int i = 0; i < count; i++) {
                writeCaptured(description.getCapturedArg(i), out);
            }
        }
    }

    /** Whether two of the captured values might be, or refer to, the same object. */
    private static boolean mayBeEntangled(SerializedLambda lambda, int count) {
        boolean foundOne = false;
        for (int i = 0; i < count; i++) {
            Object captured = lambda.getCapturedArg(i);
            if (!standsAlone(captured)) {
                if (foundOne) {
                    return true;
                }
                foundOne = true;
            }
        }
        return false;
    }

    private static boolean standsAlone(@Nullable Object captured) {
        if (captured == null || ValueCodec.isSimple(captured) || Faces.behind(captured) != null) {
            return true;
        }
        LambdaShape shape = LambdaShape.of(captured);
        return shape != null && shape.capturedCount() == 0;
    }

    /** Writes what is neither a plain value nor a lambda of ours. */
    private void writeOther(Object value, Payload out) throws Exception {
        Handle handle = Faces.behind(value);
        if (handle != null) {
            int definition = handle.definition(this);
            Definitions.require(definition, out);
            out.writeByte(ValueCodec.HANDLE);
            out.writeLong(handle.id().getMostSignificantBits());
            out.writeLong(handle.id().getLeastSignificantBits());
            out.writeVarInt(definition);
        } else {
            out.writeByte(ValueCodec.OBJECT);
            Segment.write(value, new Scope(codec, out, null));
        }
    }

    /** The JDK's own wrappers hand out a future first and then ask to be executed here. */
    private static EncodeException bound(Object task, Throwable cause) {
        return new EncodeException(
                "the task, a " + task.getClass().getName()
                        + ", is a future of this JVM and can't travel: give the Callable itself to submit, which returns"
                        + " a CompletableFuture; instead of an ExecutorCompletionService use Futures.asCompleted, instead"
                        + " of CompletableFuture.supplyAsync use submit",
                cause);
    }

    private static EncodeException failure(String what, Object root, Throwable cause) {
        if (cause instanceof EncodeException known) {
            return known;
        }
        if (cause instanceof InvalidObjectException && cause.getCause() instanceof EncodeException known) {
            return known;
        }
        if (cause instanceof NotSerializableException) {
            return new EncodeException(Culprit.describe(what, root, cause.getMessage()), cause);
        }
        String subject = what + ", a " + root.getClass().getName() + ", ";
        if (cause instanceof StackOverflowError) {
            return new EncodeException(subject + "refers to objects nested too deeply for the stack", cause);
        }
        return new EncodeException(subject + "could not be serialised: " + Words.of(cause), cause);
    }
}
