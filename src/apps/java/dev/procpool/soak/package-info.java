/**
 * The chaos run: {@link dev.procpool.soak.Soak} submits all kinds of tasks from several threads while
 * {@link dev.procpool.soak.Chaos} kills and stops workers, and keeps a {@link dev.procpool.soak.Ledger} in which every
 * task has to end as it should.
 *
 * <pre>
 *  Submitter (one a thread) ── Errand: a future, and what may become of it ──▶ judged ──▶ Ledger
 *      └── Deeds run in the workers and count their start in StartCounts, a file that all of them map
 * </pre>
 */
@NullMarked
package dev.procpool.soak;

import org.jspecify.annotations.NullMarked;
