package dev.procpool.lab.report;

import java.util.List;

/** A piece of a report, whatever it is written as. */
sealed interface Block {
    /** A heading of the second or third level. */
    record Heading(int level, String text) implements Block {}

    /** A paragraph of plain text. */
    record Paragraph(String text) implements Block {}

    /** A list of sentences. */
    record Bullets(List<String> items) implements Block {}

    /** A table; the columns after the first {@code labels} ones hold figures. */
    record Table(int labels, List<String> header, List<List<String>> rows) implements Block {}

    /** A picture, and what a reader should see in it. */
    record Figure(Plot plot, String caption) implements Block {}
}
