package dev.procpool;

import java.io.Serializable;

/** A {@link Runnable} that can travel to another process; see {@link SerializableCallable}. */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
