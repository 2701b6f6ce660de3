package dev.procpool.flags;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import dev.failsafe.TimeoutExceededException;
import java.io.IOException;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;

/**
 * Gets the bytes of a flag over HTTP. Whatever goes wrong is an outcome, never an exception. What may pass (a cut
 * connection, a time-out, a status of 500 and up) is tried again after a pause that doubles; what won't (4xx, nothing
 * listens) isn't.
 *
 * <p>Serializable, so that it can go to a worker process; each JVM has one {@link HttpClient}. Thread-safe.
 *
 * @param base the address of the site: a flag is at this, a slash, and {@link FlagImages#fileName}
 * @param timeout the longest time that one attempt may take, its body included
 * @param retries how many more attempts there may be after the first, 0 or more
 * @param run the name of this run, for the server's account of it
 */
public record FlagFetcher(URI base, Duration timeout, int retries, String run) implements Serializable {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // one connection a request at a time, which is what --max-req counts
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /**
     * What came of one fetch.
     *
     * @param download the outcome; OK means that the bytes are here
     * @param image the flag, empty unless OK
     */
    record Fetched(Download download, byte[] image) implements Serializable {}

    /** The same fetcher in another run, which the server counts apart and answers as if it was the first. */
    FlagFetcher withRun(String otherRun) {
        return new FlagFetcher(base, timeout, retries, otherRun);
    }

    /** Gets a flag and waits for it. */
    Fetched fetch(String code) {
        try {
            return answered(code, policies().get(() -> CLIENT.send(request(code), BodyHandlers.ofByteArray())));
        } catch (FailsafeException e) {
            return failed(code, e);
        }
    }

    /** Gets a flag while the caller goes on; the future never fails. */
    CompletableFuture<Fetched> fetchAsync(String code) {
        return policies()
                .getStageAsync(() -> CLIENT.sendAsync(request(code), BodyHandlers.ofByteArray()))
                .handle((response, failure) -> failure == null ? answered(code, response) : failed(code, failure));
    }

    /**
     * What the server says it answered in this run.
     *
     * @throws IOException if it isn't a {@link FlagServer}
     */
    ServerAccount account() throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/stats?run=" + run)).build();
        HttpResponse<String> response;
        try {
            response = Failsafe.with(this.<String>limit()).get(() -> CLIENT.send(request, BodyHandlers.ofString()));
        } catch (FailsafeException e) {
            throw new IOException(reason(e), e);
        }
        if (response.statusCode() != 200) {
            throw new IOException("HTTP status " + response.statusCode());
        }
        return ServerAccount.parse(response.body());
    }

    private HttpRequest request(String code) {
        return HttpRequest.newBuilder(URI.create(base + "/" + FlagImages.fileName(code)))
                .header(FlagServer.RUN_HEADER, run)
                .build();
    }

    private FailsafeExecutor<HttpResponse<byte[]>> policies() {
        RetryPolicy<HttpResponse<byte[]>> retry = RetryPolicy.<HttpResponse<byte[]>>builder()
                .handle(IOException.class, TimeoutExceededException.class)
                .handleResultIf(response -> response.statusCode() >= 500)
                .abortOn(ConnectException.class, HttpConnectTimeoutException.class)
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
                .withJitter(0.25)
                .withMaxRetries(retries)
                .build();
        return Failsafe.with(retry, limit());
    }

    /** Not HttpRequest.timeout: that one is content once the headers are there. */
    private <T> Timeout<HttpResponse<T>> limit() {
        return Timeout.<HttpResponse<T>>builder(timeout).withInterrupt().build();
    }

    private static Fetched answered(String code, HttpResponse<byte[]> response) {
        return switch (response.statusCode()) {
            case 200 -> new Fetched(Download.ok(code), response.body());
            case 404 -> nothing(Download.notFound(code));
            default -> nothing(Download.error(code, "HTTP status " + response.statusCode()));
        };
    }

    private Fetched failed(String code, Throwable failure) {
        return nothing(Download.error(code, reason(failure)));
    }

    private static Fetched nothing(Download download) {
        return new Fetched(download, new byte[0]);
    }

    private String reason(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof FailsafeException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return "cannot connect to " + base + "; is a server running there?";
        }
        if (cause instanceof TimeoutExceededException) {
            return "no complete answer within " + timeout.toMillis() / 1000.0 + " s";
        }
        if (cause instanceof SSLException) {
            return "no secure connection to " + base + " (" + cause.getMessage() + ")";
        }
        if (cause instanceof IOException) {
            return "connection cut";
        }
        return cause.toString();
    }
}
