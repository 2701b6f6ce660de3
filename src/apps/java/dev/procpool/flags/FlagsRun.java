package dev.procpool.flags;

import java.io.IOException;
import java.util.NavigableSet;

/**
 * One run of {@code bin/flags}: downloads all codes with one strategy and reports.
 *
 * @param site the name of the site, for the report
 * @param downloader knows the address of the site and the folder
 * @param codes what to download, not empty
 * @param strategy how
 * @param maxConnections the largest number of downloads at the same time, 1 or more
 * @param report gets each outcome
 */
public record FlagsRun(
        Site site,
        Downloader downloader,
        NavigableSet<String> codes,
        Strategy strategy,
        int maxConnections,
        FlagsReport report) {

    /** Runs to the end and reports. Returns whether there was no error; a flag that no country has is none. */
    public boolean run() {
        int connections = strategy.connections(maxConnections, codes.size());
        report.start(site, downloader.fetcher().base(), codes, connections);
        strategy.download(codes, downloader, connections, report);
        report.finish(site == Site.ERROR ? whatTheServerSays() : "");
        return report.count(DownloadStatus.ERROR) == 0;
    }

    /** Ends a run from another thread: reports what there is so far, saves nothing more. */
    public void interrupt() {
        downloader.folder().close();
        report.finish("");
    }

    private String whatTheServerSays() {
        try {
            ServerAccount account = downloader.fetcher().account();
            return "The server says: %d downloaded, %d not found, %d errors; %d requests."
                    .formatted(account.ok(), account.notFound(), account.errors(), account.requests());
        } catch (IOException e) {
            return "The server doesn't say what it answered: " + e.getMessage();
        }
    }
}
