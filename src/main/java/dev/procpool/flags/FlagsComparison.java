package dev.procpool.flags;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs all strategies one after the other on the same codes and prints how they compare. */
public final class FlagsComparison {
    private final PrintWriter out;

    /** Prints to {@code out}, a line as soon as it is known. */
    public FlagsComparison(PrintWriter out) {
        this.out = out;
    }

    /** Runs and prints. Returns whether each strategy that can run here got the same number of flags. */
    public boolean run(Downloader downloader, Collection<String> codes, int maxConnections) {
        print("strategy", "connections", "downloaded", "elapsed", "speed-up");
        double sequentialSeconds = 0;
        int expected = 0;
        boolean same = true;
        for (Strategy strategy : Strategy.values()) {
            int connections = strategy.connections(maxConnections, codes.size());
            AtomicInteger downloaded = new AtomicInteger();
            long start = System.nanoTime();
            try {
                strategy.download(codes, downloader, connections, download -> {
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
                expected = downloaded.get();
            }
            same &= downloaded.get() == expected;
            print(
                    strategy,
                    connections,
                    downloaded,
                    String.format(Locale.ROOT, "%.2fs", seconds),
                    String.format(Locale.ROOT, "%.1fx", sequentialSeconds / seconds));
        }
        return same;
    }

    private void print(Object... cells) {
        out.printf("%-12s %11s %11s %9s %9s%n", cells);
        out.flush();
    }
}
