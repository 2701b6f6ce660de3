package dev.procpool.internal.codec;

import dev.procpool.internal.wire.Payload;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All of a serialisable lambda but its captured values, as the sender knows it: the number of its definition. There is
 * one for each class of lambdas, so one for each lambda expression or method reference in the program.
 *
 * <p>A serialisable lambda has a private method {@code writeReplace} that describes it by a {@link SerializedLambda};
 * it is there for Java serialization, which looks for it by reflection, and so do we. Where that is forbidden (a named
 * module that isn't open), a lambda is left to the codec.
 */
final class LambdaShape {
    private static final ClassValue<LambdaShape> SHAPES = new ClassValue<>() {
        @Override
        protected LambdaShape computeValue(Class<?> type) {
            return new LambdaShape(findWriteReplace(type));
        }
    };

    private static final int UNKNOWN = 0;
    private static final int NOT_A_LAMBDA = -1;

    private final @Nullable MethodHandle writeReplace;
    /** Written before {@link #definition}, read after it. */
    private int capturedCount;
    /** The number of the definition, from the first lambda of this class on. */
    private volatile int definition;

    private LambdaShape(@Nullable MethodHandle writeReplace) {
        this.writeReplace = writeReplace;
        definition = writeReplace == null ? NOT_A_LAMBDA : UNKNOWN;
    }

    /** The shape of {@code candidate}, or null if it isn't a lambda that we may look into. */
    static @Nullable LambdaShape of(Object candidate) {
        Class<?> type = candidate.getClass();
        if (!(type.isHidden() || type.isSynthetic()) || !(candidate instanceof Serializable)) {
            return null;
        }
        LambdaShape shape = SHAPES.get(type);
        if (shape.definition == UNKNOWN) {
            shape.learnFrom(candidate);
        }
        return shape.definition == NOT_A_LAMBDA ? null : shape;
    }

    /** The number of the definition that a receiver needs. */
    int definition() {
        return definition;
    }

    /** How many values a lambda of this shape captures. */
    int capturedCount() {
        return capturedCount;
    }

    /** The description of one lambda of this shape, captured values included. */
    SerializedLambda describe(Object lambda) {
        return (SerializedLambda) replacement(lambda);
    }

    private synchronized void learnFrom(Object lambda) {
        if (definition != UNKNOWN) {
            return;
        }
        if (replacement(lambda) instanceof SerializedLambda description) {
            capturedCount = description.getCapturedArgCount();
            definition = Definitions.define(body(description));
        } else {
            definition = NOT_A_LAMBDA;
        }
    }

    private Object replacement(Object lambda) {
        try {
            return Objects.requireNonNull(writeReplace).invokeExact(lambda);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a lambda's writeReplace has thrown", e);
        }
    }

    private static Payload body(SerializedLambda lambda) {
        Payload body = new Payload();
        body.writeByte(Definitions.SHAPE);
        ValueCodec.encodeString(lambda.getCapturingClass(), body);
        ValueCodec.encodeString(lambda.getFunctionalInterfaceClass(), body);
        ValueCodec.encodeString(lambda.getFunctionalInterfaceMethodName(), body);
        ValueCodec.encodeString(lambda.getFunctionalInterfaceMethodSignature(), body);
        ValueCodec.encodeString(lambda.getImplClass(), body);
        ValueCodec.encodeString(lambda.getImplMethodName(), body);
        ValueCodec.encodeString(lambda.getImplMethodSignature(), body);
        ValueCodec.encodeString(lambda.getInstantiatedMethodType(), body);
        body.writeByte(lambda.getImplMethodKind());
        body.writeVarInt(lambda.getCapturedArgCount());
        return body.detach();
    }

    private static @Nullable MethodHandle findWriteReplace(Class<?> type) {
        try {
            Method method = type.getDeclaredMethod("writeReplace");
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Object.class, Object.class));
        } catch (NoSuchMethodException | IllegalAccessException | InaccessibleObjectException e) {
            return null;
        }
    }
}
