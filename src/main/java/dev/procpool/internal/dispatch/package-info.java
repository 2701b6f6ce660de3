/**
 * Which worker gets what, and when. {@link dev.procpool.internal.dispatch.Dispatcher} starts and ends workers, and settles
 * what is left when one dies. {@link dev.procpool.internal.dispatch.Placement} has the waiting line: it moves calls from
 * there into the {@link dev.procpool.internal.dispatch.Window} of a worker, and back again when another worker is idle.
 * {@link dev.procpool.internal.dispatch.DeliveryQueue} completes futures and hands out lines, outside of all locks.
 * {@link dev.procpool.internal.dispatch.Monitor} is the clock.
 *
 * <pre>
 *  submit ──▶ waiting line ──▶ window of worker 1 ──▶ claimed ──▶ answered ──▶ delivery queue ──▶ future
 *     └────────────────────────▶      ▲ │ withdrawn
 *        (a worker has room)          │ ▼
 *                            window of worker 2
 * </pre>
 */
@NullMarked
package dev.procpool.internal.dispatch;

import org.jspecify.annotations.NullMarked;
