/**
 * The executor for more than one machine: tasks on a Spark cluster, behind the same {@link dev.procpool.TaskExecutor}.
 *
 * <pre>
 *  driver (this JVM)                                        ║   executor (a JVM of the cluster, one slot)
 *                                                           ║
 *  SparkExecutor ──▶ Leases ── starts a Spark job ──────────╫──▶ LeaseJob: LeaseLoop asks, runs, asks again
 *  submit            waiting line                           ║       │  ▲
 *                    leases ◀── Ask: replies, "more!" ──────╫───────┘  │
 *                       └────── group of encoded tasks ─────╫──────────┘
 *                                                           ║     Watch: deadlines, cancellation, settling
 * </pre>
 *
 * <p>A <em>lease</em> is a Spark job of one partition: for some seconds it lends us a slot. Its executor fetches tasks from
 * the driver over Spark's own RPC, with Spark's authentication and encryption, if these are on: one task at a time, or a
 * <em>group</em> of tiny ones. So a task starts at once where a lease is warm, a job's price of tens of milliseconds is paid
 * once for thousands of tasks, the driver knows which tasks were running when an executor died, and cancelling one costs
 * its slot and no other. Leases end when there is nothing to do or their time is over, so that Spark's scheduler gets its
 * say between them.
 */
@NullMarked
package dev.procpool.spark;

import org.jspecify.annotations.NullMarked;
