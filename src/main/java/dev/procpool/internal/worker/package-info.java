/**
 * The parent's end of one child JVM: how calls get into its ring, how its replies are read, how its health is known and
 * how it ends. {@link dev.procpool.internal.worker.Worker} is the class to read; who reads replies, and what whoever stops
 * reading owes to the others, is in {@link dev.procpool.internal.worker.ReplyInbox};
 * {@link dev.procpool.internal.worker.WorkerFactory} makes the workers of one pool.
 */
@NullMarked
package dev.procpool.internal.worker;

import org.jspecify.annotations.NullMarked;
