/**
 * What becomes of the figures: each question of the lab has a {@link dev.procpool.lab.report.Section}, which turns the
 * measurements into tables, plots and sentences; {@link dev.procpool.lab.report.ReportWriter} puts them into files.
 */
@NullMarked
package dev.procpool.lab.report;

import org.jspecify.annotations.NullMarked;
