package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each strategy against each site, over real sockets. */
class StrategyTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 5;

    @TempDir
    Path out;

    static Stream<Strategy> strategies() {
        return Stream.of(Strategy.values()).filter(StrategyTest::isSupported);
    }

    private static boolean isSupported(Strategy strategy) {
        return strategy != Strategy.VIRTUAL || Runtime.version().feature() >= 21;
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void downloadsTheVeryFlagsOfTheWebJar(Strategy strategy) throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            Map<String, Download> downloads = download(strategy, fetcher(server, Site.LOCAL), CountryCodes.POPULOUS);
            assertThat(downloads)
                    .hasSize(20)
                    .allSatisfy((code, download) -> assertThat(download).isEqualTo(Download.ok(code)));
            assertThat(out).isDirectoryNotContaining(file -> file.toString().endsWith(".part"));
            for (String code : CountryCodes.POPULOUS) {
                assertThat(out.resolve(code.toLowerCase(Locale.ROOT) + ".svg"))
                        .hasBinaryContent(FlagImages.svg(code).orElseThrow());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void codesWithoutAFlagAreNotFound(Strategy strategy) throws IOException {
        Set<String> codes = new TreeSet<>(CountryCodes.expand(Set.of("c")));
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            Map<String, Download> downloads = download(strategy, fetcher(server, Site.LOCAL), codes);
            assertThat(withStatus(downloads, DownloadStatus.OK))
                    .isEqualTo(
                            codes.stream().filter(FlagImages.codes()::contains).collect(Collectors.toSet()));
            assertThat(withStatus(downloads, DownloadStatus.NOT_FOUND))
                    .hasSize(26 - filesIn(out).size());
        }
    }

    /** One that fails doesn't stop the others, and what the client counts is what the server answered. */
    @ParameterizedTest
    @MethodSource("strategies")
    void countsOfABadSiteEqualTheServers(Strategy strategy) throws IOException {
        Collection<String> codes = FlagImages.codes().stream().limit(30).toList();
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(TIMEOUT, 0.5, 3))) {
            FlagFetcher fetcher = fetcher(server, Site.ERROR);
            Map<String, Download> downloads = download(strategy, fetcher, codes);
            ServerAccount account = fetcher.account();
            assertThat(downloads).containsOnlyKeys(codes);
            assertThat(withStatus(downloads, DownloadStatus.OK)).hasSize(account.ok());
            assertThat(withStatus(downloads, DownloadStatus.ERROR)).hasSize(account.errors());
            assertThat(account.ok()).isBetween(1, 29);
            assertThat(account.ok() + account.errors()).isEqualTo(30);
            assertThat(account.requests()).as("there were retries").isGreaterThan(30);
            assertThat(filesIn(out)).hasSize(account.ok());
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void usesAllConnectionsAndNoMore(Strategy strategy) throws IOException {
        // Processes start one after the other: the last one must still find something to do.
        Duration delay = Duration.ofMillis(strategy == Strategy.PROCESSES ? 1000 : 100);
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(delay, 0, 1))) {
            FlagFetcher fetcher = fetcher(server, Site.DELAY);
            download(strategy, fetcher, CountryCodes.POPULOUS);
            assertThat(fetcher.account().peak()).isEqualTo(strategy == Strategy.SEQUENTIAL ? 1 : CONNECTIONS);
        }
    }

    @Test
    void noMoreConnectionsThanFlags() {
        assertThat(Strategy.THREADS.connections(30, 20)).isEqualTo(20);
        assertThat(Strategy.THREADS.connections(7, 20)).isEqualTo(7);
        assertThat(Strategy.SEQUENTIAL.connections(30, 20)).isEqualTo(1);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsNeedANewerJdk() {
        assertThatThrownBy(Strategy.VIRTUAL::checkSupported)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("21");
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void allOthersRunEverywhere(Strategy strategy) {
        assertThatCode(strategy::checkSupported).doesNotThrowAnyException();
    }

    private Map<String, Download> download(Strategy strategy, FlagFetcher fetcher, Collection<String> codes)
            throws IOException {
        Map<String, Download> downloads = new ConcurrentHashMap<>();
        try (FlagFolder folder = FlagFolder.open(out)) {
            int connections = strategy.connections(CONNECTIONS, codes.size());
            strategy.download(
                    codes,
                    new Downloader(fetcher, folder),
                    connections,
                    download ->
                            assertThat(downloads.put(download.code(), download)).isNull());
        }
        return downloads;
    }

    private static FlagFetcher fetcher(FlagServer server, Site site) {
        return new FlagFetcher(server.site(site), TIMEOUT, 2, "test");
    }

    private static Set<String> withStatus(Map<String, Download> downloads, DownloadStatus status) {
        return downloads.values().stream()
                .filter(download -> download.status() == status)
                .map(Download::code)
                .collect(Collectors.toSet());
    }

    private static Set<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.collect(Collectors.toSet());
        }
    }
}
