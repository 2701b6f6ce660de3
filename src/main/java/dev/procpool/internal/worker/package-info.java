/**
 * The parent's end of one child JVM: how calls get into its ring, how its replies are read, how its health is known and
 * how it ends. {@link dev.procpool.internal.worker.Worker} is the class to read;
 * {@link dev.procpool.internal.worker.WorkerFactory} makes the workers of one pool.
 */
@NullMarked
package dev.procpool.internal.worker;

import org.jspecify.annotations.NullMarked;
