package dev.procpool.flags;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.procpool.TaskExecutor;
import dev.procpool.flags.SiteBehaviour.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the flags of the WebJar over HTTP on the loopback interface, as three sites in one server.
 *
 * <pre>
 * GET /LOCAL/br.svg        the flag, or 404           also /DELAY/… and /ERROR/…, see {@link Site}
 * GET /ERROR/stats?run=ID  what it answered in that run, by default in the latest; see {@link ServerAccount}
 * GET /manifest            the codes that have a flag, one a line
 * </pre>
 *
 * A client names its run in the header {@value #RUN_HEADER}; requests without one make up a run of their own. The last
 * {@value #RUNS_KEPT} runs are kept. Thread-safe.
 */
public final class FlagServer implements AutoCloseable {
    /** The port of {@code bin/flags-server} unless told otherwise, where {@code bin/flags} looks for it. */
    public static final int DEFAULT_PORT = 8077;

    static final String RUN_HEADER = "Flags-Run";
    static final String SERVER_NAME = "procpool-flags";
    private static final int RUNS_KEPT = 100;
    private static final int BACKLOG = 1024; // connections come in bursts of --max-req; one that is refused waits 1 s
    private static final Pattern FLAG_PATH = Pattern.compile("/(LOCAL|DELAY|ERROR)/([A-Za-z]{2})\\.svg");
    private static final Pattern STATS_PATH = Pattern.compile("/(LOCAL|DELAY|ERROR)/stats");
    private static final Pattern RUN_QUERY = Pattern.compile("run=([^&]*)");

    static {
        // Without it each answer of headers and body on a kept connection waits 40 ms for a delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private record Run(Site site, String id) {}

    private final SiteBehaviour behaviour;
    private final HttpServer http;
    private final ExecutorService handlers;
    private final Map<Run, ServerLedger> ledgers =
            new LinkedHashMap<>(); // in order of first request; guarded by itself

    private FlagServer(SiteBehaviour behaviour, HttpServer http, ExecutorService handlers) {
        this.behaviour = behaviour;
        this.http = http;
        this.handlers = handlers;
    }

    /**
     * Starts a server.
     *
     * @param port 0 for any free one
     * @throws IOException with one line for the user, if the port is taken
     */
    public static FlagServer start(int port, SiteBehaviour behaviour) throws IOException {
        HttpServer http;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (BindException e) {
            throw new IOException("port " + port + " is taken or not allowed; choose another with --port", e);
        }
        FlagServer server = new FlagServer(behaviour, http, handlerThreads());
        http.setExecutor(server.handlers);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    /**
     * The address of a site of the server that somebody has started on {@link #DEFAULT_PORT}, or empty when there is none.
     */
    public static Optional<URI> findRunning(Site site) {
        HttpRequest request = HttpRequest.newBuilder(url(DEFAULT_PORT, "manifest"))
                .timeout(Duration.ofSeconds(1))
                .build();
        try {
            HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
            response.body().close(); // unread: a stranger's may never end
            boolean ours = response.headers().firstValue("Server").equals(Optional.of(SERVER_NAME));
            return ours ? Optional.of(url(DEFAULT_PORT, site.name())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A request mostly waits: virtual threads, where there are any. */
    private static ExecutorService handlerThreads() {
        if (Runtime.version().feature() >= 21) {
            return TaskExecutor.virtualThreads();
        }
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "flag-server");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The address of a site: a flag is at this, a slash, and {@link FlagImages#fileName}. */
    public URI site(Site site) {
        return url(http.getAddress().getPort(), site.name());
    }

    private static URI url(int port, String path) {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + path);
    }

    /** Stops at once; requests being answered are cut. */
    @Override
    public void close() {
        http.stop(0);
        handlers.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Server", SERVER_NAME);
            String path = exchange.getRequestURI().getPath();
            Matcher flag = FLAG_PATH.matcher(path);
            Matcher stats = STATS_PATH.matcher(path);
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else if (flag.matches()) {
                flag(exchange, Site.valueOf(flag.group(1)), flag.group(2).toUpperCase(Locale.ROOT));
            } else if (stats.matches()) {
                stats(exchange, Site.valueOf(stats.group(1)));
            } else if (path.equals("/manifest")) {
                text(exchange, 200, String.join("\n", FlagImages.codes()) + "\n");
            } else {
                text(exchange, 404, "nothing here; try /LOCAL/br.svg or /manifest\n");
            }
        }
    }

    private void stats(HttpExchange exchange, Site site) throws IOException {
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        Matcher run = RUN_QUERY.matcher(query);
        Optional<ServerLedger> ledger = run.matches() ? ledger(new Run(site, run.group(1))) : latestLedger(site);
        if (ledger.isPresent()) {
            text(exchange, 200, ledger.get().account().toText());
        } else {
            text(exchange, 404, "no such run\n");
        }
    }

    private void flag(HttpExchange exchange, Site site, String code) throws IOException {
        String run = Optional.ofNullable(exchange.getRequestHeaders().getFirst(RUN_HEADER))
                .orElse("");
        ServerLedger.Attempt attempt = ledgerOrNew(new Run(site, run)).begin(code);
        Duration half =
                site == Site.DELAY ? behaviour.delay(code, attempt.number()).dividedBy(2) : Duration.ZERO;
        Reply reply = site == Site.ERROR ? behaviour.reply(code, attempt.number()) : Reply.FLAG;
        Optional<byte[]> image = FlagImages.svg(code);
        try {
            pause(half);
            if (reply == Reply.CUT) {
                attempt.ends(DownloadStatus.ERROR);
            } else if (reply.httpStatus != 200) {
                attempt.ends(DownloadStatus.ERROR);
                text(exchange, reply.httpStatus, reply + "\n");
            } else if (image.isEmpty()) {
                pause(half);
                attempt.ends(DownloadStatus.NOT_FOUND);
                text(exchange, 404, "no country has the code " + code + "\n");
            } else {
                image(exchange, image.get(), half, reply == Reply.CUT_IN_BODY, attempt);
            }
        } catch (IOException e) {
            attempt.ends(DownloadStatus.ERROR); // the client has left
            throw e;
        }
    }

    /** Closing the exchange before all bytes are written, as the caller does, is what cuts the connection. */
    private static void image(
            HttpExchange exchange, byte[] image, Duration pause, boolean cut, ServerLedger.Attempt attempt)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "image/svg+xml");
        exchange.sendResponseHeaders(200, image.length);
        OutputStream body = exchange.getResponseBody();
        int half = image.length / 2;
        body.write(image, 0, half);
        body.flush();
        pause(pause);
        attempt.ends(cut ? DownloadStatus.ERROR : DownloadStatus.OK);
        if (!cut) {
            body.write(image, half, image.length - half);
        }
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void pause(Duration duration) throws IOException {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("the server is being closed");
        }
    }

    private ServerLedger ledgerOrNew(Run run) {
        synchronized (ledgers) {
            ServerLedger ledger = ledgers.computeIfAbsent(run, r -> new ServerLedger());
            if (ledgers.size() > RUNS_KEPT) {
                ledgers.remove(ledgers.keySet().iterator().next());
            }
            return ledger;
        }
    }

    private Optional<ServerLedger> ledger(Run run) {
        synchronized (ledgers) {
            return Optional.ofNullable(ledgers.get(run));
        }
    }

    private Optional<ServerLedger> latestLedger(Site site) {
        synchronized (ledgers) {
            return ledgers.entrySet().stream()
                    .filter(entry -> entry.getKey().site() == site)
                    .reduce((earlier, later) -> later)
                    .map(Map.Entry::getValue);
        }
    }
}
