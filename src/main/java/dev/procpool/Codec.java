package dev.procpool;

import dev.procpool.internal.codec.JavaCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.OutputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Turns an object into bytes and back: whatever has no faster way, which is everything but lambdas, strings, boxed
 * primitives, arrays of primitives, and handles of shared values. The default is {@link #javaSerialization()}.
 *
 * <p>A codec is used by several threads at a time, in the parent and in each worker. To get there it has to be
 * serialisable by Java serialization, state included, or to have a public constructor without parameters.
 *
 * <p>It must keep the identity of objects within one value: what is the same object before must be the same object
 * after. Handles of shared values that occur inside a value are tied to Java serialization: a codec of another kind
 * has to hand them to it.
 */
public interface Codec extends Serializable {
    /**
     * Writes {@code value}, which is not null, to {@code out}. It need not flush or close it.
     *
     * @throws java.io.NotSerializableException if this object, or one that it refers to, can't be written; the message
     *     is the name of its class
     */
    void encode(Object value, OutputStream out) throws IOException;

    /**
     * Reads what {@link #encode} wrote.
     *
     * @param in ends where the value ends; may be left before
     * @param filter to be asked about each object that is read, as by
     *     {@link java.io.ObjectInputStream#setObjectInputFilter}; null for no filter
     */
    Object decode(InputStream in, @Nullable ObjectInputFilter filter) throws IOException, ClassNotFoundException;

    /**
     * The default codec: Java serialization. Classes are found by the context class loader of the current thread, or
     * else by the one that loaded this pool. A filter set for the whole JVM applies too.
     */
    static Codec javaSerialization() {
        return JavaCodec.INSTANCE;
    }
}
