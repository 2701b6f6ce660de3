package dev.procpool.internal.codec;

import dev.procpool.internal.wire.Payload;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands for something that each receiver gets once, whatever the number of tasks that refer to it. Its definition is
 * the handle itself, by Java serialization, and perhaps a value that the receiver decodes when it is asked for. Tasks
 * name the definition; the receiver has one handle for it, so that handles keep their identity.
 *
 * <p>A handle belongs to the process that made it, and ends when that {@linkplain #free frees} it. A process that has
 * received one may send it on. Thread-safe.
 */
public abstract class Handle implements Serializable {
    /** Those that may come back: that this process has sent and not freed, or received and not forgotten. */
    private static final Map<UUID, Handle> KNOWN = new ConcurrentHashMap<>();

    private final UUID id;
    /** What users have in place of this handle; null if they have the handle itself. */
    private @Nullable Object face;

    private transient boolean owned;
    private transient volatile boolean freed;
    /** The value that goes with the handle; an empty one if there is none. */
    private transient volatile @Nullable LazyValue value;
    /** The number of the definition by which this process sends it; 0 as long as there is none. Guarded by this. */
    private transient int definition;

    /** Creates a handle that this process owns. */
    protected Handle(@Nullable Object value) {
        id = UUID.randomUUID();
        owned = true;
        this.value = new LazyValue(value);
    }

    /**
     * The value that goes with the handle.
     *
     * @throws IllegalStateException if it has been freed
     */
    protected final @Nullable Object value() throws DecodeException {
        LazyValue current = value;
        if (current == null) {
            throw new IllegalStateException(freedMessage());
        }
        return current.get();
    }

    /**
     * Writes the value at once, so that it is known to be serialisable and is what it is now.
     *
     * @throws EncodeException if it can't be written
     */
    protected final void defineBy(TaskEncoder encoder) throws EncodeException {
        definition(encoder);
    }

    /** Makes {@code shown}, which is serialisable and refers to this handle, stand for it: for users, here and elsewhere. */
    final void show(@Nullable Object shown) {
        face = shown;
    }

    /** What users have of this handle. */
    final Object face() {
        return face == null ? this : face;
    }

    /** Whether this process made the handle, so that it may free it. */
    protected final boolean isOwned() {
        return owned;
    }

    /** Whether the handle has been freed here. */
    protected final boolean isFreed() {
        return freed;
    }

    /** Drops the value and its definition. Nothing can be sent with this handle any more. */
    protected final void free() {
        synchronized (this) {
            freed = true;
            value = null;
        }
        withdraw();
    }

    /** What to say when the handle is used after it was freed. */
    protected final String freedMessage() {
        return "the shared value was closed: close it when all tasks that use it are done";
    }

    final UUID id() {
        return id;
    }

    /** The number of the definition by which this process sends the handle; defines it if need be. */
    final synchronized int definition(TaskEncoder encoder) throws EncodeException {
        if (freed) {
            throw new EncodeException(freedMessage(), null);
        }
        if (definition == 0) {
            Payload body = new Payload();
            body.writeByte(Definitions.HANDLE);
            encoder.encodeHandleItself(this, body);
            encoder.encodeValue(valueToSend(), body);
            definition = Definitions.define(body.detach());
            KNOWN.putIfAbsent(id, this);
        }
        return definition;
    }

    /** Makes a handle that has just been received usable. */
    final void receive(LazyValue received) {
        value = received;
        KNOWN.putIfAbsent(id, this);
    }

    /** Ends that this process sends the handle, or finds it by its id. Tasks that hold it may go on to use it. */
    final synchronized void withdraw() {
        KNOWN.remove(id, this);
        if (definition != 0) {
            Definitions.forget(definition);
            definition = 0;
        }
    }

    /** The handle of that id, if this process has it. */
    static @Nullable Handle known(UUID id) {
        return KNOWN.get(id);
    }

    private @Nullable Object valueToSend() throws EncodeException {
        try {
            return value();
        } catch (DecodeException e) {
            throw new EncodeException("a shared value can't be sent on, since it could not be rebuilt here", e);
        }
    }

    /** Inside of a graph, a handle becomes a reference to its definition. */
    protected final Object writeReplace() throws InvalidObjectException {
        return replace(this);
    }

    /** What the face of this handle has to write in its own place. */
    public final Object replaceFace() throws InvalidObjectException {
        return replace(face());
    }

    private Object replace(Object self) throws InvalidObjectException {
        Scope scope = Scope.current();
        if (scope == null) { // a copy within this process, made by somebody else
            KNOWN.putIfAbsent(id, this);
            return new Reference(id, 0);
        }
        if (scope.defining() == this) {
            return self;
        }
        try {
            int number = definition(new TaskEncoder(scope.codec()));
            Definitions.require(number, scope.out());
            return new Reference(id, number);
        } catch (EncodeException e) {
            throw invalid(e);
        }
    }

    private static InvalidObjectException invalid(Exception cause) {
        InvalidObjectException failure = new InvalidObjectException(cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    /** A handle as others see it in a graph. */
    private static final class Reference implements Serializable {
        private final UUID id;
        private final int definition;

        Reference(UUID id, int definition) {
            this.id = id;
            this.definition = definition;
        }

        private Object readResolve() throws InvalidObjectException {
            try {
                return TaskDecoder.handle(TaskDecoder.current(), id, definition).face();
            } catch (DecodeException e) {
                throw invalid(e);
            }
        }
    }
}
