/**
 * The executors whose tasks run in this JVM: {@link dev.procpool.internal.inprocess.LocalExecutor} is a view of a
 * {@link dev.procpool.internal.inprocess.LocalPool}, which keeps a list of its {@linkplain
 * dev.procpool.internal.inprocess.LocalTask tasks} in front of an executor of the JDK, so that no future stays open.
 */
@NullMarked
package dev.procpool.internal.inprocess;

import org.jspecify.annotations.NullMarked;
