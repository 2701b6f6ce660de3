package dev.procpool.internal.codec;

import dev.procpool.internal.wire.PayloadReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * All of a lambda but its captured values, as the receiver knows it. A lambda is rebuilt by the method
 * {@code $deserializeLambda$} that the compiler has put into the class whose code the lambda is.
 */
final class ReceivedShape {
    private static final Object[] NOTHING = {};
    /** Of a Java method. */
    private static final int MOST_PARAMETERS = 255;

    private final Class<?> capturingClass;
    private final String interfaceClass;
    private final String interfaceMethod;
    private final String interfaceSignature;
    private final String implClass;
    private final String implMethod;
    private final String implSignature;
    private final String instantiatedType;
    private final int implKind;
    private final int capturedCount;
    /** Null where reflection is forbidden. */
    private final @Nullable Method deserializeLambda;
    /** The one lambda of this shape, if it captures nothing. */
    private @Nullable Object constant;

    /** Reads the body of a definition, less the kind byte, and finds the class. */
    ReceivedShape(PayloadReader in, @Nullable ObjectInputFilter filter)
            throws IOException, ReflectiveOperationException {
        capturingClass = JavaCodec.find(ValueCodec.decodeString(in).replace('/', '.'));
        if (filter != null) {
            Filters.check(capturingClass, filter);
        }
        interfaceClass = readName(in);
        interfaceMethod = readName(in);
        interfaceSignature = readName(in);
        implClass = readName(in);
        implMethod = readName(in);
        implSignature = readName(in);
        instantiatedType = readName(in);
        implKind = in.readByte();
        capturedCount = in.readVarInt();
        if (capturedCount < 0 || capturedCount > MOST_PARAMETERS) {
            throw new IOException("a lambda can't capture " + Integer.toUnsignedString(capturedCount) + " values");
        }
        deserializeLambda = accessible(capturingClass.getDeclaredMethod("$deserializeLambda$", SerializedLambda.class));
    }

    /** How many values a lambda of this shape captures. */
    int capturedCount() {
        return capturedCount;
    }

    /** A lambda of this shape that captures nothing; always the same. */
    Object rebuild() throws Throwable {
        Object lambda = constant;
        if (lambda == null) {
            lambda = rebuild(NOTHING);
            constant = lambda;
        }
        return lambda;
    }

    /** A lambda of this shape. */
    Object rebuild(@Nullable Object[] captured) throws Throwable {
        SerializedLambda description = new SerializedLambda(
                capturingClass,
                interfaceClass,
                interfaceMethod,
                interfaceSignature,
                implKind,
                implClass,
                implMethod,
                implSignature,
                instantiatedType,
                captured);
        if (deserializeLambda == null) {
            return rebuildBySerialization(description);
        }
        try {
            return deserializeLambda.invoke(null, description);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException noSuchLambda) {
                throw new DecodeException(
                        "the lambda " + implClass.replace('/', '.') + "::" + implMethod
                                + " does not exist here: the worker" + " has another version of "
                                + capturingClass.getName(),
                        noSuchLambda);
            }
            throw e.getCause();
        }
    }

    /** The JDK may call what we may not. */
    static Object rebuildBySerialization(SerializedLambda description) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JavaCodec.INSTANCE.encode(description, bytes);
        return JavaCodec.INSTANCE.decode(new ByteArrayInputStream(bytes.toByteArray()), null);
    }

    /** Interned, since the compiler's method compares them with its constants, one after the other. */
    private static String readName(PayloadReader in) throws IOException {
        return ValueCodec.decodeString(in).intern();
    }

    private static @Nullable Method accessible(Method method) {
        try {
            method.setAccessible(true);
            return method;
        } catch (InaccessibleObjectException e) {
            return null;
        }
    }
}
