package dev.procpool.flags;

/** How the download of one flag ended. */
public enum DownloadStatus {
    /** The flag is there, complete. */
    OK,
    /** The site has no flag for this code: an answer, not a failure. */
    NOT_FOUND,
    /** No flag and no such answer: an error status, a time-out, a cut connection, a file that can't be written. */
    ERROR
}
