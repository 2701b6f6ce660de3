package dev.procpool.lab.bench;

import java.util.List;

/**
 * Something that several contestants are measured in.
 *
 * @param title what is measured
 * @param unit in what
 * @param moreIsBetter whether large values are the good ones
 * @param rows whom to compare; the first is what the others' ratios refer to
 */
record Figure(String title, String unit, boolean moreIsBetter, List<Row> rows) {
    /**
     * One contestant.
     *
     * @param label who
     * @param samples the name of its samples
     */
    record Row(String label, String samples) {}

    static Figure more(String title, String unit, Row... rows) {
        return new Figure(title, unit, true, List.of(rows));
    }

    static Figure less(String title, String unit, Row... rows) {
        return new Figure(title, unit, false, List.of(rows));
    }
}
