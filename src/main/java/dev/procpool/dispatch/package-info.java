/**
 * Which worker gets what, and when. {@link dev.procpool.dispatch.Dispatcher} holds the waiting line and one
 * {@link dev.procpool.dispatch.Window} for each worker; it moves calls from the line into windows, back again when
 * another worker is idle, and settles what is left when a worker dies.
 *
 * <pre>
 *  submit ──▶ waiting line ──▶ window of worker 1 ──▶ claimed ──▶ answered ──▶ future
 *     └────────────────────────▶      ▲ │ withdrawn
 *        (a worker has room)          │ ▼
 *                            window of worker 2
 * </pre>
 */
@NullMarked
package dev.procpool.dispatch;

import org.jspecify.annotations.NullMarked;
