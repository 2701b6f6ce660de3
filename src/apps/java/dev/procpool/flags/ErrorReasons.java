package dev.procpool.flags;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** Why downloads failed: each reason once, with its count. Thread-safe. */
final class ErrorReasons {
    private static final int MOST_LISTED = 10;

    private final Map<String, Integer> counts = new TreeMap<>();

    /** Counts this outcome if it is an error. */
    synchronized void add(Download download) {
        if (download.status() == DownloadStatus.ERROR) {
            counts.merge(download.reason(), 1, Integer::sum);
        }
    }

    synchronized boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Prints a line for each reason. */
    synchronized void print(PrintWriter err) {
        counts.entrySet().stream()
                .limit(MOST_LISTED)
                .forEach(reason -> err.println(
                        "flags: " + reason.getKey() + " (" + FlagsReport.count(reason.getValue(), "flag") + ")"));
        if (counts.size() > MOST_LISTED) {
            err.println("flags: and " + (counts.size() - MOST_LISTED) + " more reasons; --verbose shows all");
        }
        err.flush();
    }
}
