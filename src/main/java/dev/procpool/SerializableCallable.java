package dev.procpool;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * A {@link Callable} that can travel to another process. A lambda or method reference handed to
 * {@link TaskExecutor#submit(SerializableCallable)} takes this type by itself: no cast is needed.
 *
 * @param <T> the type of the result; it must be serialisable too when the task runs in another process
 */
@FunctionalInterface
public interface SerializableCallable<T> extends Callable<T>, Serializable {}
