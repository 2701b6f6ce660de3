package dev.procpool.flags;

import static java.util.Objects.requireNonNull;

import dev.procpool.Futures;
import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import dev.procpool.flags.FlagFetcher.Fetched;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Six ways to do many downloads, to be read side by side. */
public enum Strategy {
    /** One after the other: what the others are measured against. */
    SEQUENTIAL {
        @Override
        void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done) {
            for (String code : codes) {
                done.accept(downloader.download(code));
            }
        }
    },

    /**
     * {@code map} on a pool of threads. Its results come in the order of the codes, whatever finishes first; so it is
     * the task that says when it is done.
     */
    THREADS {
        @Override
        void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done) {
            MapOptions oneByOne = MapOptions.defaults().chunkSize(1).bufferSize(codes.size());
            try (TaskExecutor threads = TaskExecutor.threads(connections);
                    Stream<Download> inOrder = threads.map(
                            code -> {
                                Download download = downloader.download(code);
                                done.accept(download);
                                return download;
                            },
                            codes,
                            oneByOne)) {
                inOrder.forEach(download -> {});
            }
        }
    },

    /** Futures from a pool of threads, each taken as it completes. A map tells which code a future was for. */
    AS_COMPLETED {
        @Override
        void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done) {
            try (TaskExecutor threads = TaskExecutor.threads(connections)) {
                Map<PoolFuture<Download>, String> codeOf = new LinkedHashMap<>();
                for (String code : codes) {
                    codeOf.put(threads.submit(() -> downloader.download(code)), code);
                }
                takeAsCompleted(codeOf, download -> download, done);
            }
        }
    },

    /** No thread waits: futures composed on the JDK's asynchronous client. A semaphore bounds the connections. */
    ASYNC {
        @Override
        void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done) {
            Semaphore free = new Semaphore(connections);
            List<CompletableFuture<Void>> downloads = new ArrayList<>();
            for (String code : codes) {
                free.acquireUninterruptibly();
                downloads.add(downloader
                        .downloadAsync(code)
                        .thenAccept(done)
                        .whenComplete((nothing, failure) -> free.release()));
            }
            CompletableFuture.allOf(downloads.toArray(CompletableFuture[]::new)).join();
        }
    },

    /** A virtual thread for each flag, blocking as if threads cost nothing; needs JDK 21. */
    VIRTUAL {
        @Override
        public void checkSupported() {
            TaskExecutor.virtualThreads().close();
        }

        @Override
        void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done) {
            Semaphore free = new Semaphore(connections);
            try (TaskExecutor threads = TaskExecutor.virtualThreads()) {
                List<PoolFuture<Download>> downloads = new ArrayList<>();
                for (String code : codes) {
                    downloads.add(threads.submit(() -> {
                        free.acquire();
                        try {
                            Download download = downloader.download(code);
                            done.accept(download);
                            return download;
                        } finally {
                            free.release();
                        }
                    }));
                }
                downloads.forEach(CompletableFuture::join);
            }
        }
    },

    /**
     * As {@link #AS_COMPLETED}, with a process for each connection: for downloads that only wait it is a waste, and a
     * line's difference. The children fetch, the parent saves. A child that dies costs the flag it was at.
     */
    PROCESSES {
        @Override
        void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done) {
            FlagFetcher fetcher = downloader.fetcher();
            try (TaskExecutor processes = ProcessPoolExecutor.create(connections)) {
                Map<PoolFuture<Fetched>, String> codeOf = new LinkedHashMap<>();
                for (String code : codes) {
                    codeOf.put(processes.submit(() -> fetcher.fetch(code)), code);
                }
                takeAsCompleted(codeOf, downloader::save, done);
            }
        }
    };

    /** How many of at most {@code max} connections this strategy has a use for. */
    int connections(int max, int codes) {
        return this == SEQUENTIAL ? 1 : Math.min(max, codes);
    }

    /**
     * Does nothing if this strategy can run here.
     *
     * @throws UnsupportedOperationException saying what it needs, if it can't
     */
    public void checkSupported() {}

    /**
     * Downloads all and returns when the last is done. One that fails doesn't stop the others.
     *
     * @param connections the largest number of downloads at the same time, 1 or more
     * @param done gets each outcome as it is there, from several threads at once
     */
    abstract void download(Collection<String> codes, Downloader downloader, int connections, Consumer<Download> done);

    /**
     * Takes the results of these futures as they complete. What goes wrong with a task itself, a crash of its process for
     * instance, is the error of its code: that is what the map is for.
     */
    private static <T> void takeAsCompleted(
            Map<PoolFuture<T>, String> codeOf, Function<T, Download> outcome, Consumer<Download> done) {
        for (PoolFuture<T> future : Futures.asCompleted(codeOf.keySet())) {
            String code = requireNonNull(codeOf.get(future));
            try {
                done.accept(outcome.apply(future.join()));
            } catch (CompletionException e) {
                done.accept(Download.error(code, String.valueOf(e.getCause())));
            }
        }
    }

    /** As on the command line: {@code as-completed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
