package dev.procpool.flags;

import java.io.PrintWriter;
import java.net.URI;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What the user of {@code bin/flags} sees: what is going to be done, each download as it ends, the counts. Thread-safe.
 */
public final class FlagsReport implements Consumer<Download> {
    private static final int MOST_CODES_LISTED = 10;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean verbose;
    private final @Nullable ProgressBarBuilder barBuilder;
    private final Map<DownloadStatus, Integer> counts = new EnumMap<>(DownloadStatus.class);
    private final ErrorReasons reasons = new ErrorReasons();
    private @Nullable ProgressBar bar;
    private long startNanos;
    private boolean finished;

    /**
     * A report with a line for each download, or just its code.
     *
     * @param out what is reported
     * @param err the reasons of errors, each once
     */
    public FlagsReport(PrintWriter out, PrintWriter err, boolean verbose) {
        this(out, err, verbose, null);
    }

    /** A report with a bar that advances with each download. */
    public FlagsReport(PrintWriter out, PrintWriter err, ProgressBarBuilder bar) {
        this(out, err, false, bar);
    }

    private FlagsReport(PrintWriter out, PrintWriter err, boolean verbose, @Nullable ProgressBarBuilder barBuilder) {
        this.out = out;
        this.err = err;
        this.verbose = verbose;
        this.barBuilder = barBuilder;
    }

    /** Says what is going to be done, and starts the clock. */
    synchronized void start(Site site, URI base, NavigableSet<String> codes, int connections) {
        out.println(site + " site: " + base);
        out.println("Searching for " + count(codes.size(), "flag") + ": "
                + (codes.size() <= MOST_CODES_LISTED
                        ? String.join(", ", codes)
                        : "from " + codes.first() + " to " + codes.last()));
        out.println(
                connections == 1
                        ? "1 connection will be used."
                        : connections + " concurrent connections will be used.");
        out.flush();
        if (barBuilder != null) {
            bar = barBuilder.build();
        }
        startNanos = System.nanoTime();
    }

    /** A download has ended. */
    @Override
    public synchronized void accept(Download download) {
        if (finished) {
            return;
        }
        counts.merge(download.status(), 1, Integer::sum);
        reasons.add(download);
        if (bar != null) {
            bar.step();
        } else if (verbose) {
            out.println(download.code() + " " + download.reason());
        } else {
            out.print(download.code() + " ");
        }
        out.flush();
    }

    /** How many downloads have ended like this so far. */
    public synchronized int count(DownloadStatus status) {
        return counts.getOrDefault(status, 0);
    }

    /**
     * Prints the counts of what has ended so far, and each reason of errors once. Later downloads, and later calls, are
     * ignored.
     *
     * @param remark a line to print after the counts, or empty
     */
    synchronized void finish(String remark) {
        if (finished) {
            return;
        }
        finished = true;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        if (bar != null) {
            bar.close();
        } else if (!verbose) {
            out.println();
        }
        out.println("-".repeat(20));
        out.println(count(count(DownloadStatus.OK), "flag") + " downloaded.");
        if (count(DownloadStatus.NOT_FOUND) > 0) {
            out.println(count(DownloadStatus.NOT_FOUND) + " not found.");
        }
        if (count(DownloadStatus.ERROR) > 0) {
            out.println(count(count(DownloadStatus.ERROR), "error") + ".");
        }
        if (!remark.isEmpty()) {
            out.println(remark);
        }
        out.println(String.format(Locale.ROOT, "Elapsed time: %.2fs", seconds));
        out.flush();
        reasons.print(err);
    }

    static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
