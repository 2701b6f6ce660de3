package dev.procpool.flags;

import java.io.Serializable;

/**
 * The outcome of one download.
 *
 * @param code the country code, two capital letters
 * @param status how it ended
 * @param reason what to tell the user: {@code OK}, {@code not found}, or what went wrong. The same failure has the same
 *     words for every code, so that reasons can be counted
 */
public record Download(String code, DownloadStatus status, String reason) implements Serializable {
    static Download ok(String code) {
        return new Download(code, DownloadStatus.OK, "OK");
    }

    static Download notFound(String code) {
        return new Download(code, DownloadStatus.NOT_FOUND, "not found");
    }

    static Download error(String code, String reason) {
        return new Download(code, DownloadStatus.ERROR, reason);
    }
}
