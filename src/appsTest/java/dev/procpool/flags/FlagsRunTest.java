package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagsRunTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysWhatItDoesAndWhatCameOfIt() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            FlagsRun run = run(server, Site.LOCAL, Strategy.SEQUENTIAL, CountryCodes.POPULOUS, false);
            assertThat(run.run()).isTrue();
            assertThat(out.toString().replaceFirst("time: [0-9]+\\.[0-9]{2}s", "time: TIME"))
                    .isEqualToNormalizingNewlines("""
                    LOCAL site: %s
                    Searching for 20 flags: from BD to VN
                    1 connection will be used.
                    BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN\s
                    --------------------
                    20 flags downloaded.
                    Elapsed time: TIME
                    """.formatted(server.site(Site.LOCAL)));
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void aFlagThatNoCountryHasIsNoError() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            FlagsRun run = run(server, Site.LOCAL, Strategy.THREADS, List.of("AA", "BR"), true);
            assertThat(run.run()).isTrue();
            assertThat(out.toString().lines())
                    .contains(
                            "Searching for 2 flags: AA, BR",
                            "2 concurrent connections will be used.",
                            "AA not found",
                            "BR OK",
                            "1 flag downloaded.",
                            "1 not found.");
        }
    }

    @Test
    void countsEqualWhatTheServerSays() throws IOException {
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(TIMEOUT, 0.7, 1))) {
            List<String> codes = FlagImages.codes().stream().limit(100).toList();
            FlagsRun run = run(server, Site.ERROR, Strategy.AS_COMPLETED, codes, false);
            assertThat(run.run()).isFalse();
            int downloaded = run.report().count(DownloadStatus.OK);
            int errors = run.report().count(DownloadStatus.ERROR);
            assertThat(downloaded + errors).isEqualTo(100);
            assertThat(out.toString().lines())
                    .contains(downloaded + " flags downloaded.", errors + " errors.")
                    .anyMatch(line -> line.startsWith(
                            "The server says: " + downloaded + " downloaded, 0 not found, " + errors + " errors"));
        }
    }

    @Test
    void aRefusedConnectionIsSaidOnce() throws IOException {
        FlagServer gone = FlagServer.start(0, SiteBehaviour.DEFAULT);
        gone.close();
        FlagsRun run = run(gone, Site.LOCAL, Strategy.THREADS, CountryCodes.POPULOUS, false);
        assertThat(run.run()).isFalse();
        assertThat(out.toString().lines()).contains("0 flags downloaded.", "20 errors.");
        assertThat(err.toString().lines())
                .containsExactly("flags: cannot connect to " + gone.site(Site.LOCAL)
                        + "; is a server running there? (20 flags)");
    }

    @Test
    void anInterruptedRunReportsWhatThereIsAndSavesNothingMore() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            FlagsRun run = run(server, Site.LOCAL, Strategy.SEQUENTIAL, CountryCodes.POPULOUS, false);
            Strategy.SEQUENTIAL.download(run.codes().headSet("DE"), run.downloader(), 1, run.report());
            run.interrupt();
            Strategy.SEQUENTIAL.download(run.codes().tailSet("DE"), run.downloader(), 1, run.report());
            assertThat(out.toString().lines()).contains("4 flags downloaded.").doesNotContain("20 flags downloaded.");
            assertThat(folder.toFile().list()).containsExactlyInAnyOrder("bd.svg", "br.svg", "cd.svg", "cn.svg");
        }
    }

    @Test
    void comparesAllStrategies() throws IOException {
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(Duration.ofMillis(200), 0, 1))) {
            FlagsComparison comparison = new FlagsComparison(new PrintWriter(out), new PrintWriter(err));
            Downloader downloader = downloader(server, Site.DELAY);
            assertThat(comparison.run(downloader, CountryCodes.POPULOUS.subList(0, 6), 6))
                    .isTrue();
            assertThat(err.toString()).isEmpty();
            assertThat(out.toString().lines())
                    .hasSizeGreaterThan(Strategy.values().length)
                    .anyMatch(line -> line.matches("sequential +1 +6 +1\\.[0-9]{2}s +1\\.0x"))
                    .anyMatch(line -> line.matches("threads +6 +6 +0\\.[0-9]{2}s +[2-6]\\.[0-9]x"));
        }
    }

    /** Else they would be compared on different work. */
    @Test
    void allComparedStrategiesMeetTheSameErrors() throws IOException {
        try (FlagServer server = FlagServer.start(0, new SiteBehaviour(TIMEOUT, 0.6, 1))) {
            FlagsComparison comparison = new FlagsComparison(new PrintWriter(out), new PrintWriter(err));
            assertThat(comparison.run(downloader(server, Site.ERROR), CountryCodes.POPULOUS, 5))
                    .isFalse();
            Set<String> downloaded = out.toString()
                    .lines()
                    .filter(line -> line.endsWith("x"))
                    .map(line -> line.replaceFirst("\\S+ +\\S+ +(\\S+) .*", "$1"))
                    .collect(Collectors.toSet());
            assertThat(downloaded).as(out.toString()).hasSize(1);
            assertThat(err.toString()).contains("flags: HTTP status 418 (");
        }
    }

    private FlagsRun run(FlagServer server, Site site, Strategy strategy, Collection<String> codes, boolean verbose)
            throws IOException {
        FlagsReport report = new FlagsReport(new PrintWriter(out), new PrintWriter(err), verbose);
        return new FlagsRun(site, downloader(server, site), new TreeSet<>(codes), strategy, 100, report);
    }

    private Downloader downloader(FlagServer server, Site site) throws IOException {
        return new Downloader(new FlagFetcher(server.site(site), TIMEOUT, 1, "test"), FlagFolder.open(folder));
    }
}
