package dev.procpool.flags;

import dev.procpool.flags.FlagFetcher.Fetched;
import java.util.concurrent.CompletableFuture;

/** Fetches flags and saves them: the task of every strategy. Thread-safe. */
public record Downloader(FlagFetcher fetcher, FlagFolder folder) {
    /** Downloads a flag and waits for it. Doesn't throw: what goes wrong is in the result. */
    public Download download(String code) {
        return save(fetcher.fetch(code));
    }

    /** Downloads a flag while the caller goes on. The future doesn't fail: what goes wrong is in the result. */
    public CompletableFuture<Download> downloadAsync(String code) {
        return fetcher.fetchAsync(code).thenApply(this::save);
    }

    /** Saves what was fetched, here or in another process. */
    Download save(Fetched fetched) {
        Download download = fetched.download();
        return download.status() == DownloadStatus.OK ? folder.save(download.code(), fetched.image()) : download;
    }
}
