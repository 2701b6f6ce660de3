package dev.procpool.flags;

import java.util.HashMap;
import java.util.Map;

/** Keeps count of what one site answered in one run. Thread-safe. */
final class ServerLedger {
    private final Map<String, Entry> entries = new HashMap<>();
    private int requests;
    private int open;
    private int peak;

    private static final class Entry {
        int attempts;
        int lastAnswered;
        DownloadStatus status = DownloadStatus.ERROR;
    }

    /** A request for this code came in. */
    synchronized Attempt begin(String code) {
        requests++;
        open++;
        peak = Math.max(peak, open);
        Entry entry = entries.computeIfAbsent(code, c -> new Entry());
        return new Attempt(entry, ++entry.attempts);
    }

    synchronized ServerAccount account() {
        return new ServerAccount(
                count(DownloadStatus.OK), count(DownloadStatus.NOT_FOUND), count(DownloadStatus.ERROR), requests, peak);
    }

    private int count(DownloadStatus status) {
        return (int) entries.values().stream()
                .filter(entry -> entry.status == status)
                .count();
    }

    /** One request. */
    final class Attempt {
        private final Entry entry;
        private final int number;
        private boolean ended;

        private Attempt(Entry entry, int number) {
            this.entry = entry;
            this.number = number;
        }

        /** How often this code was asked for in this run, with this time: from 1. */
        int number() {
            return number;
        }

        /**
         * Notes the answer. To be called just before its last byte leaves, so that a client that has read it finds it
         * counted; and again with {@link DownloadStatus#ERROR} when it couldn't be delivered after all.
         */
        void ends(DownloadStatus status) {
            synchronized (ServerLedger.this) {
                if (!ended) {
                    ended = true;
                    open--;
                }
                if (number >= entry.lastAnswered) { // one that the client gave up may end after its successor
                    entry.lastAnswered = number;
                    entry.status = status;
                }
            }
        }
    }
}
