/**
 * A process pool for the JVM: an {@link java.util.concurrent.ExecutorService} whose tasks run in child JVMs.
 *
 * <pre>
 *         this JVM                                          ║           one child JVM of several
 *                                                           ║
 *  caller                                                   ║
 *    │ submit                                               ║
 *    ▼                                                      ║
 *  TaskEncoder ──call──▶ Dispatcher                         ║
 *  (codec)               waiting line                       ║
 *                          │      ▲ taken back              ║
 *                          ▼      │ (idle, dead, cancelled) ║
 *                        Window ──┴──────frame───────▶ ┌────╨────────┐
 *                        calls of one worker           │ control     │   claim   CallLoop
 *                                                      │ block:      ├──────────▶ decode, run,
 *                                                      │ claim word, │            encode
 *                        Worker                        │ call ring,  │◀──reply──┐   │
 *                        reader, stderr pump, kill ◀───┤ reply ring  │      Outbox ◀┘
 *                          │ reply                     └────╥────────┘
 *                          ▼                                ║
 *  Results ◀───────── DeliveryQueue                         ║
 *  (codec)            one step after the other              ║
 *    │ complete                   Worker ── stdin: bell ────╫──▶ Bells        wakes a sleeping call loop
 *    ▼                            Worker ◀─ stdout: bell ───╫─── Outbox       wakes a sleeping reader
 *  PoolFuture                     Monitor ◀─ heartbeat ─────╫─── Heartbeat    watches the parent, too
 * </pre>
 *
 * <p>Calls and replies are frames in two rings of a small mapped file, the control block. The pipes carry only bells, which
 * wake a side that sleeps, and their end, which tells that the other side is gone. So whatever a child has finished is
 * still there after it died, and a busy pool needs no system calls.
 *
 * <p>This package is all that a program can use. Behind it, in {@code dev.procpool.internal}, the way of a task leads from
 * {@link dev.procpool.ProcessPoolExecutor} through {@code pool} → {@code codec} → {@code dispatch} → {@code worker} →
 * {@code wire} ⇄ {@code child}, and back; read them in that order. {@code launch} turns options into a running JVM and
 * {@code os} is what lies below; {@code inprocess} has the executors that run tasks in this JVM, {@code spawn} the one that
 * starts a JVM for each. Commands, jobs and experiments stand on top ({@code src/apps}), and nothing here knows them. What
 * lasts of the design, the protocol and the ways to end are in {@code src/docs}.
 */
@NullMarked
package dev.procpool;

import org.jspecify.annotations.NullMarked;
