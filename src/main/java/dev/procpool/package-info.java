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
 *  Results ◀──────────── Window                             ║
 *  (codec)                                                  ║
 *    │ complete                   Worker ── stdin: bell ────╫──▶ Bells        wakes a sleeping call loop
 *    ▼                            Worker ◀─ stdout: bell ───╫─── Outbox       wakes a sleeping reader
 *  PoolFuture                     Monitor ◀─ heartbeat ─────╫─── Heartbeat    watches the parent, too
 * </pre>
 *
 * <p>Calls and replies are frames in two rings of a small mapped file, the control block. The pipes carry only bells, which
 * wake a side that sleeps, and their end, which tells that the other side is gone. So whatever a child has finished is
 * still there after it died, and a busy pool needs no system calls.
 *
 * <p>Reading order, the way of a task: {@link dev.procpool.ProcessPoolExecutor} and {@code ProcessPool} → {@code codec} →
 * {@code dispatch} → {@code worker} → {@code wire} ⇄ {@code child}, and back. {@code local} has what runs tasks in this JVM;
 * {@code jobs}, {@code lab} and {@code cli} stand on top, and nothing here knows them. What lasts of the design, the
 * protocol and the ways to end are in {@code src/docs}.
 */
@NullMarked
package dev.procpool;

import org.jspecify.annotations.NullMarked;
