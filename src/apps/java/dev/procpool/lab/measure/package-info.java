/**
 * What runs in a measuring JVM: one {@link dev.procpool.lab.measure.Configuration} goes in, one
 * {@link dev.procpool.lab.measure.Measurement} comes out, and the JVM ends. A fresh JVM for each of them keeps the compiled
 * code and the heap of one contestant from helping or hurting the next.
 *
 * <pre>
 *   lab ──Assignment (JSON, stdin)──▶ MeasuringMain ─▶ BatchMeasurer or HeapMeasurer ──Measurement (JSON, file)──▶ lab
 *                                                        │ Job: the tasks and what they must return
 *                                                        │ Contestant: the executor
 *                                                        └ ProcessTree: CPU seconds and memory, parent and children apart
 * </pre>
 *
 * The lab keeps stdin open: when the lab dies, however, the measuring JVM sees the end of the stream and ends too.
 */
@NullMarked
package dev.procpool.lab.measure;

import org.jspecify.annotations.NullMarked;
