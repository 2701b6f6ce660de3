package dev.procpool.lab.report;

import java.io.IOException;
import java.util.Base64;
import java.util.List;

/** A report as one HTML file that needs no other. */
final class Html {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; color: #111; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; font-size: 13px; margin: 1rem 0; display: block; overflow-x: auto; }
            th, td { padding: .25rem .5rem; text-align: right; border-bottom: 1px solid #ccc; white-space: nowrap; }
            .label { text-align: left; white-space: normal; }
            figure { margin: 1.5rem 0; }
            img { max-width: 100%%; }
            figcaption { color: #444; font-size: 14px; }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            """;

    private Html() {}

    static String of(String title, List<Block> blocks) throws IOException {
        StringBuilder text = new StringBuilder(HEAD.formatted(escape(title)));
        for (Block block : blocks) {
            text.append(render(block)).append('\n');
        }
        return text.append("</body>\n</html>\n").toString();
    }

    private static String render(Block block) throws IOException {
        if (block instanceof Block.Heading heading) {
            return element("h" + heading.level(), escape(heading.text()));
        } else if (block instanceof Block.Paragraph paragraph) {
            return element("p", escape(paragraph.text()));
        } else if (block instanceof Block.Bullets bullets) {
            StringBuilder items = new StringBuilder();
            bullets.items().forEach(item -> items.append(element("li", escape(item))));
            return element("ul", items.toString());
        } else if (block instanceof Block.Table table) {
            StringBuilder rows = new StringBuilder(row("th", table.labels(), table.header()));
            table.rows().forEach(cells -> rows.append('\n').append(row("td", table.labels(), cells)));
            return element("table", rows.toString());
        } else if (block instanceof Block.Figure figure) {
            String png = Base64.getEncoder().encodeToString(figure.plot().png());
            return element(
                    "figure",
                    "<img alt=\"" + escape(figure.caption()) + "\" src=\"data:image/png;base64," + png + "\">"
                            + element("figcaption", escape(figure.caption())));
        }
        throw new AssertionError(block);
    }

    private static String row(String cell, int labels, List<String> cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String style = i < labels ? " class=\"label\"" : "";
            row.append('<').append(cell).append(style).append('>');
            row.append(escape(cells.get(i))).append("</").append(cell).append('>');
        }
        return element("tr", row.toString());
    }

    private static String element(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
