package dev.procpool.flags;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.flags.FlagFetcher.Fetched;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fetcher against the real server, over real sockets; blocking and asynchronous, with the same assertions. */
class FlagFetcherTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    enum Way {
        BLOCKING,
        ASYNC;

        Fetched fetch(FlagFetcher fetcher, String code) {
            return this == BLOCKING
                    ? fetcher.fetch(code)
                    : fetcher.fetchAsync(code).join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void getsTheVeryBytesOfTheFlag(Way way) throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            Fetched fetched = way.fetch(fetcher(server.site(Site.LOCAL), TIMEOUT, 0), "BR");
            assertThat(fetched.download()).isEqualTo(Download.ok("BR"));
            assertThat(fetched.image()).isEqualTo(FlagImages.svg("BR").orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCodeWithoutAFlagIsNotFoundAtTheFirstAttempt(Way way) throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            FlagFetcher fetcher = fetcher(server.site(Site.LOCAL), TIMEOUT, 5);
            assertThat(way.fetch(fetcher, "AA").download()).isEqualTo(Download.notFound("AA"));
            assertThat(fetcher.account()).isEqualTo(new ServerAccount(0, 1, 0, 1, 1));
        }
    }

    /** All kinds of failure are among them, cut connections and cut bodies too. */
    @ParameterizedTest
    @EnumSource
    void whatAlwaysFailsIsAnErrorThatSaysWhy(Way way) throws IOException {
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(TIMEOUT, 1, 7))) {
            FlagFetcher fetcher = fetcher(server.site(Site.ERROR), TIMEOUT, 0);
            Map<String, Download> downloads = CountryCodes.POPULOUS.stream()
                    .map(code -> way.fetch(fetcher, code).download())
                    .collect(toMap(Download::code, download -> download));
            assertThat(downloads.values())
                    .hasSize(20)
                    .allMatch(download -> download.status() == DownloadStatus.ERROR)
                    .extracting(Download::reason)
                    .contains("HTTP status 418", "HTTP status 500", "HTTP status 503", "connection cut");
            assertThat(fetcher.account().errors()).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsCutIsAnError(Way way) throws Exception {
        try (Scripted server = new Scripted("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<svg", false)) {
            Fetched fetched = way.fetch(fetcher(server.base(), TIMEOUT, 0), "BR");
            assertThat(fetched.download()).isEqualTo(Download.error("BR", "connection cut"));
            assertThat(fetched.image()).isEmpty();
        }
    }

    /** The headers are there at once: a time-out that counts to the first byte wouldn't see it. */
    @ParameterizedTest
    @EnumSource
    void aBodyThatNeverEndsIsATimeOut(Way way) throws Exception {
        try (Scripted server = new Scripted("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<svg", true)) {
            Fetched fetched = way.fetch(fetcher(server.base(), Duration.ofMillis(300), 0), "BR");
            assertThat(fetched.download()).isEqualTo(Download.error("BR", "no complete answer within 0.3 s"));
            assertThat(server.clientHasLeft()).as("the connection was given up").isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSlowBodyThatEndsInTimeIsComplete(Way way) throws IOException {
        Duration delay = Duration.ofMillis(600);
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(delay, 0, 1))) {
            long start = System.nanoTime();
            Fetched fetched = way.fetch(fetcher(server.site(Site.DELAY), TIMEOUT, 0), "BR");
            assertThat(fetched.image()).isEqualTo(FlagImages.svg("BR").orElseThrow());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(490));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatPassesIsTriedAgain(Way way) throws IOException {
        SiteBehaviour behaviour = new SiteBehaviour(TIMEOUT, 0.5, 1);
        String passes = firstCode(behaviour, SiteBehaviour.Reply.UNAVAILABLE, SiteBehaviour.Reply.FLAG);
        String stays = firstCode(behaviour, SiteBehaviour.Reply.TEAPOT, SiteBehaviour.Reply.FLAG);
        try (FlagServer server = FlagServer.start(0, behaviour)) {
            FlagFetcher fetcher = fetcher(server.site(Site.ERROR), TIMEOUT, 1);
            assertThat(way.fetch(fetcher, passes).download()).isEqualTo(Download.ok(passes));
            assertThat(fetcher.account()).isEqualTo(new ServerAccount(1, 0, 0, 2, 1));
            assertThat(way.fetch(fetcher, stays).download()).isEqualTo(Download.error(stays, "HTTP status 418"));
            assertThat(fetcher.account()).isEqualTo(new ServerAccount(1, 0, 1, 3, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void retriesAreBounded(Way way) throws Exception {
        try (Scripted server =
                new Scripted("HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false)) {
            Fetched fetched = way.fetch(fetcher(server.base(), TIMEOUT, 2), "BR");
            assertThat(fetched.download()).isEqualTo(Download.error("BR", "HTTP status 503"));
            assertThat(server.requests).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatListensIsSaidAsSuch(Way way) throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        assertThat(way.fetch(fetcher(nobody, TIMEOUT, 5), "BR").download())
                .isEqualTo(Download.error("BR", "cannot connect to " + nobody + "; is a server running there?"));
    }

    @Test
    void theServerAnswersEachRunAlike() throws IOException {
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(TIMEOUT, 0.5, 1))) {
            FlagFetcher first = new FlagFetcher(server.site(Site.ERROR), TIMEOUT, 0, "first");
            FlagFetcher second = new FlagFetcher(server.site(Site.ERROR), TIMEOUT, 0, "second");
            for (String code : CountryCodes.POPULOUS) {
                assertThat(second.fetch(code).download())
                        .isEqualTo(first.fetch(code).download());
            }
            assertThat(second.account()).isEqualTo(first.account());
        }
    }

    private static FlagFetcher fetcher(URI base, Duration timeout, int retries) {
        return new FlagFetcher(base, timeout, retries, "test");
    }

    /** A code whose first and second attempt get these replies. */
    private static String firstCode(SiteBehaviour behaviour, SiteBehaviour.Reply first, SiteBehaviour.Reply second) {
        return FlagImages.codes().stream()
                .filter(code -> behaviour.reply(code, 1) == first && behaviour.reply(code, 2) == second)
                .findFirst()
                .orElseThrow();
    }

    /** Answers each request with the same bytes, then closes the connection or waits until the client does. */
    private static final class Scripted implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final Thread thread;
        volatile int requests;

        Scripted(String answer, boolean keepOpen) throws IOException {
            thread = new Thread(() -> serve(answer, keepOpen), "scripted-server");
            thread.start();
        }

        URI base() {
            return URI.create("http://127.0.0.1:" + listener.getLocalPort());
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        private void serve(String answer, boolean keepOpen) {
            try {
                do {
                    try (Socket socket = listener.accept()) {
                        InputStream in = socket.getInputStream();
                        in.read(new byte[8192]);
                        requests++;
                        OutputStream out = socket.getOutputStream();
                        out.write(answer.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                        out.flush();
                        if (keepOpen) {
                            in.read();
                        }
                    }
                } while (!keepOpen);
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** For a server that keeps the connection open: it ends with the first one. */
        boolean clientHasLeft() throws InterruptedException {
            thread.join(TIMEOUT.toMillis());
            return !thread.isAlive();
        }

        @Override
        public void close() throws Exception {
            listener.close();
            thread.join();
        }
    }
}
