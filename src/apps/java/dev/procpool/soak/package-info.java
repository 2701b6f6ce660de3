/**
 * The chaos run: {@link dev.procpool.soak.Soak} submits all kinds of tasks from several threads while
 * {@link dev.procpool.soak.Chaos} kills and stops workers, and keeps a {@link dev.procpool.soak.Ledger} in which every
 * task has to end as it should.
 *
 * <pre>
 *  Submitter (one a thread) ── Errand: a future, and what may become of it ──▶ Judge ──▶ Ledger
 *      └── Deeds run in the workers and count their start in StartCounts, a file that all of them map
 * </pre>
 *
 * {@link dev.procpool.soak.ConcurrentUse} is the other half: no chaos, but threads that wait in every {@link
 * dev.procpool.soak.Way} there is, for any executor.
 *
 * <pre>
 *  Waiter (one a thread) ── Chore: a task whose value is known ──▶ Judge ──▶ Ledger
 *  Watchdog: reports a waiter that makes no progress, and ends everything
 * </pre>
 */
@NullMarked
package dev.procpool.soak;

import org.jspecify.annotations.NullMarked;
