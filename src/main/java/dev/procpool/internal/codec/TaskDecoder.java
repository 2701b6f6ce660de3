package dev.procpool.internal.codec;

import dev.procpool.Codec;
import dev.procpool.internal.wire.PayloadReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bytes → task or value, for one connection: it knows the definitions that came by that. All methods are for one thread
 * at a time; what was decoded may be used by any thread, shared values included.
 *
 * <p>Whatever goes wrong, code of the user's included, comes out as a {@link DecodeException}. The reader is then
 * anywhere within the frame, which has to be skipped. Little is loaded before the first task can run: no regular
 * expressions, no streams, no lambdas of our own.
 */
public final class TaskDecoder {
    private static final ThreadLocal<@Nullable TaskDecoder> CURRENT = new ThreadLocal<>();

    private final Codec codec;
    private final @Nullable ObjectInputFilter filter;
    /**
     * By number: the body as it came, a {@code byte[]}; from the first use on a {@link ReceivedShape}. Or a
     * {@link ReceivedHandle}. Concurrent, because a shared value, which any thread may decode, can refer to another.
     */
    private final Map<Integer, Object> definitions = new ConcurrentHashMap<>();

    /**
     * Creates a decoder without definitions.
     *
     * @param codec the same as the encoder's
     * @param filter what objects may come through the codec; null if all may
     */
    public TaskDecoder(Codec codec, @Nullable ObjectInputFilter filter) {
        this.codec = codec;
        this.filter = filter;
    }

    /**
     * Takes a definition for later use.
     *
     * @param id its number
     * @param length how many bytes of {@code in} it has
     * @throws IOException if the bytes end too early, or are no definition
     */
    public void define(int id, PayloadReader in, int length) throws IOException {
        long end = in.remaining() - length;
        if (length < 1 || end < 0) {
            throw new EOFException(
                    "definition " + id + " of " + length + " bytes where " + in.remaining() + " are left");
        }
        int kind = in.readByte();
        if (kind == Definitions.SHAPE) {
            definitions.put(id, rest(in, end));
        } else if (kind == Definitions.HANDLE) {
            definitions.put(id, ReceivedHandle.read(in, end, this));
        } else if (kind == Definitions.LOADER) {
            in.skip(in.remaining() - end); // whoever needs that loader knows where to ask
        } else {
            throw new IOException("definition " + id + " is of an unknown kind, " + kind);
        }
    }

    /** Drops a definition, and with it a shared value that no task holds any more. */
    public void forget(int id) {
        Object definition = definitions.remove(id);
        if (definition instanceof ReceivedHandle received) {
            received.forget();
        }
    }

    /** Reads what {@link TaskEncoder#encodeTask} or {@link TaskEncoder#encodeFunction} wrote. */
    public Object decodeTask(PayloadReader in) throws DecodeException {
        Object task;
        try {
            task = read(in.readByte(), in);
        } catch (Throwable e) {
            throw failure("the task", "the worker's class path", e);
        }
        if (task == null) {
            throw new DecodeException("there is null where a task should be", null);
        }
        return task;
    }

    /** Reads what {@link TaskEncoder#encodeValue} wrote. */
    public @Nullable Object decodeValue(PayloadReader in) throws DecodeException {
        try {
            return read(in.readByte(), in);
        } catch (Throwable e) {
            throw failure("the value", "the class path here", e);
        }
    }

    @Nullable ObjectInputFilter filter() {
        return filter;
    }

    /** Whose codec is at work on this thread, if any. */
    static @Nullable TaskDecoder current() {
        return CURRENT.get();
    }

    /** The handle of that definition, or else of that id. */
    static Handle handle(@Nullable TaskDecoder decoder, UUID id, int definition) throws DecodeException {
        if (decoder != null && decoder.definitions.get(definition) instanceof ReceivedHandle received) {
            return received.get();
        }
        Handle known = Handle.known(id);
        if (known == null) {
            throw new DecodeException("a shared value that this process does not know, or that was closed", null);
        }
        return known;
    }

    /** The next bytes of {@code in}, until {@code end} bytes are left. */
    static byte[] rest(PayloadReader in, long end) throws IOException {
        byte[] bytes = new byte[(int) (in.remaining() - end)];
        in.readFully(bytes, 0, bytes.length);
        return bytes;
    }

    private @Nullable Object read(int tag, PayloadReader in) throws Throwable {
        return switch (tag) {
            case ValueCodec.LAMBDA -> readLambda(in);
            case ValueCodec.OBJECT -> readObject(in);
            case ValueCodec.HANDLE ->
                handle(this, new UUID(in.readLong(), in.readLong()), in.readVarInt())
                        .face();
            default -> ValueCodec.decode(tag, in);
        };
    }

    private Object readLambda(PayloadReader in) throws Throwable {
        ReceivedShape shape = shape(in.readVarInt());
        int count = shape.capturedCount();
        if (count == 0) {
            return shape.rebuild();
        }
        int tag = in.readByte();
        if (tag == ValueCodec.TOGETHER) {
            if (readObject(in) instanceof Object[] captured && captured.length == count) {
                return shape.rebuild(captured);
            }
            throw new IOException("a lambda without its " + count + " captured values");
        }
        @Nullable Object[] captured = new @Nullable Object[count];
        captured[0] = read(tag, in);
        for (int i = 1; i < count; i++) {
            captured[i] = read(in.readByte(), in);
        }
        return shape.rebuild(captured);
    }

    private ReceivedShape shape(int id) throws Throwable {
        Object definition = definitions.get(id);
        if (definition instanceof ReceivedShape shape) {
            return shape;
        }
        if (definition instanceof byte[] body) {
            ReceivedShape shape = new ReceivedShape(new PayloadReader(body, 0, body.length), filter);
            definitions.put(id, shape);
            return shape;
        }
        throw new DecodeException("the shape of a lambda, definition " + id + ", has not come", null);
    }

    private Object readObject(PayloadReader in) throws IOException, ClassNotFoundException {
        TaskDecoder outer = CURRENT.get();
        CURRENT.set(this);
        try {
            return Segment.read(in, codec, filter);
        } finally {
            CURRENT.set(outer);
        }
    }

    private static DecodeException failure(String what, String classPath, Throwable cause) {
        if (cause instanceof DecodeException known) {
            return known;
        }
        if (cause instanceof InvalidObjectException && cause.getCause() instanceof DecodeException known) {
            return known;
        }
        return new DecodeException(reason(what, classPath, cause), cause);
    }

    private static String reason(String what, String classPath, Throwable cause) {
        if (cause instanceof ClassNotFoundException && cause.getMessage() != null) {
            boolean saysWhy = cause.getMessage().indexOf(' ') >= 0;
            return saysWhy
                    ? what + " could not be rebuilt: " + cause.getMessage()
                    : "class " + cause.getMessage() + " is not on " + classPath;
        }
        // A class that could not be initialised before is also "not found", with a sentence instead of its name.
        if (cause instanceof NoClassDefFoundError
                && cause.getMessage() != null
                && cause.getMessage().indexOf(' ') < 0) {
            return "class " + cause.getMessage().replace('/', '.') + " is not on " + classPath;
        }
        if (cause instanceof ExceptionInInitializerError && cause.getCause() != null) {
            return what + " could not be rebuilt: a static initializer has thrown " + Words.of(cause.getCause());
        }
        if (cause instanceof StackOverflowError) {
            return what + " could not be rebuilt: its objects are nested too deeply for the stack";
        }
        if (cause instanceof InvalidClassException && cause.getCause() != null) {
            return what + " was rejected: " + cause.getCause().getMessage(); // by a filter that gave a reason
        }
        return what + " could not be rebuilt: " + Words.of(cause);
    }
}
