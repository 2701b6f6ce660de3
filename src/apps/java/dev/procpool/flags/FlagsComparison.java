package dev.procpool.flags;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs all strategies one after the other on the same codes and prints how they compare. */
public final class FlagsComparison {
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * A comparison that is still to be run.
     *
     * @param out a line for each strategy, as soon as it is known
     * @param err the reasons of errors, each once
     */
    public FlagsComparison(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Runs and prints. Returns whether there was no error; a flag that no country has is none. */
    public boolean run(Downloader downloader, Collection<String> codes, int maxConnections) {
        print("strategy", "connections", "downloaded", "elapsed", "speed-up");
        double sequentialSeconds = 0;
        ErrorReasons reasons = new ErrorReasons();
        for (Strategy strategy : Strategy.values()) {
            int connections = strategy.connections(maxConnections, codes.size());
            AtomicInteger downloaded = new AtomicInteger();
            // A run each: the server deals out the same delays and errors to all.
            FlagFetcher fetcher = downloader.fetcher();
            Downloader ownRun = new Downloader(fetcher.withRun(fetcher.run() + "-" + strategy), downloader.folder());
            long start = System.nanoTime();
            try {
                strategy.download(codes, ownRun, connections, download -> {
                    reasons.add(download);
                    if (download.status() == DownloadStatus.OK) {
                        downloaded.incrementAndGet();
                    }
                });
            } catch (UnsupportedOperationException e) {
                out.printf("%-12s %s%n", strategy, e.getMessage());
                continue;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (strategy == Strategy.SEQUENTIAL) {
                sequentialSeconds = seconds;
            }
            print(
                    strategy,
                    connections,
                    downloaded,
                    String.format(Locale.ROOT, "%.2fs", seconds),
                    String.format(Locale.ROOT, "%.1fx", sequentialSeconds / seconds));
        }
        reasons.print(err);
        return reasons.isEmpty();
    }

    private void print(Object... cells) {
        out.printf("%-12s %11s %11s %9s %9s%n", cells);
        out.flush();
    }
}
