package dev.procpool.soak;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines that tasks have printed, as they arrive: each whole, once, and in order. Thread-safe. */
final class PrintedLines {
    private static final Pattern LINE = Pattern.compile("\\[.*] soak task (\\d+) line (\\d+) \\.+");

    /** By task: how many lines have come. */
    private final Map<Integer, Integer> counts = new ConcurrentHashMap<>();

    private final Ledger ledger;

    PrintedLines(Ledger ledger) {
        this.ledger = ledger;
    }

    /** What a task prints; the dots make lines of many lengths. */
    static String line(int task, int number) {
        return "soak task " + task + " line " + number + " " + ".".repeat(1 + task % 97);
    }

    void arrived(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            if (line.contains("soak task")) {
                ledger.wrong("a line is not whole: \"" + line + "\"");
            }
            return; // a dying JVM's last words
        }
        int task = Integer.parseInt(matcher.group(1));
        int number = Integer.parseInt(matcher.group(2));
        int before = counts.merge(task, 1, Integer::sum) - 1;
        if (number != before || !line.endsWith(line(task, number))) {
            ledger.wrong("line " + before + " of task " + task + " came as \"" + line + "\"");
        }
    }

    /** How many lines of the task have come. */
    int of(int task) {
        return counts.getOrDefault(task, 0);
    }
}
