package dev.procpool.lab.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A report as Markdown, with links to its plots. */
final class Markdown {
    private Markdown() {}

    static String of(String title, List<Block> blocks) {
        StringBuilder text = new StringBuilder("# ").append(title).append('\n');
        blocks.forEach(block -> text.append('\n').append(render(block)));
        return text.toString();
    }

    private static String render(Block block) {
        if (block instanceof Block.Heading heading) {
            return "#".repeat(heading.level()) + " " + heading.text() + "\n";
        } else if (block instanceof Block.Paragraph paragraph) {
            return paragraph.text() + "\n";
        } else if (block instanceof Block.Bullets bullets) {
            StringBuilder text = new StringBuilder();
            bullets.items().forEach(item -> text.append("- ").append(item).append('\n'));
            return text.toString();
        } else if (block instanceof Block.Table table) {
            return table(table);
        } else if (block instanceof Block.Figure figure) {
            return "![" + figure.caption() + "](" + figure.plot().name() + ".svg)\n\n*" + figure.caption() + "*\n";
        }
        throw new AssertionError(block);
    }

    private static String table(Block.Table table) {
        StringBuilder text = new StringBuilder(row(table.header()));
        List<String> rule = new ArrayList<>(Collections.nCopies(table.labels(), "---"));
        rule.addAll(Collections.nCopies(table.header().size() - table.labels(), "---:"));
        text.append(row(rule));
        table.rows().forEach(cells -> text.append(row(cells)));
        return text.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells).replace("\n", " ") + " |\n";
    }
}
