/**
 * The scaling lab: which executor, how many workers, from what job size on? {@link dev.procpool.lab.Lab} measures, fits,
 * draws and says it in words.
 *
 * <pre>
 *   LabOptions ─▶ Plan: trials, interleaved and shuffled ─▶ Lab: one after the other
 *                                                            │ MeasuringJvm (a fresh JVM each), ClassicCommand
 *                                                            ▼
 *                          report ◀── Journal: one line a measurement; a run that was stopped goes on from there
 *                             └─▶ data.csv, data.json, environment.json, plots, report.md, report.html
 * </pre>
 *
 * Read {@code measure} for what happens in a measuring JVM, {@code stats} for the arithmetic, {@code report} for what
 * becomes of the figures.
 */
@NullMarked
package dev.procpool.lab;

import org.jspecify.annotations.NullMarked;
