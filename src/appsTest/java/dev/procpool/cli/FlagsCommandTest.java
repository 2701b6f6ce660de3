package dev.procpool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.flags.FlagImages;
import dev.procpool.flags.FlagServer;
import dev.procpool.flags.Site;
import dev.procpool.flags.SiteBehaviour;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/flags} in this JVM, with a server of its own unless a test starts one. */
class FlagsCommandTest {
    private record Result(int exitCode, String out, String err) {
        int count(String what) {
            return out.lines()
                    .filter(line -> line.endsWith(what))
                    .mapToInt(line -> Integer.parseInt(line.substring(0, line.indexOf(' '))))
                    .sum();
        }
    }

    @TempDir
    Path folder;

    @Test
    void lettersAreAllCodesThatStartWithThem() {
        Result result = flags("-s", "DELAY", "--max-delay", "0.05", "a", "b", "C");
        long known = FlagImages.codes().stream()
                .filter(code -> code.compareTo("D") < 0)
                .count();
        assertThat(result.out()).contains("Searching for 78 flags: from AA to CZ", "30 concurrent connections");
        assertThat(result.count(" flags downloaded.")).isEqualTo((int) known);
        assertThat(result.count(" not found.")).isEqualTo(78 - (int) known);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void everyCodeThereIs() {
        Result result = flags("--seed", "1", "-em", "50");
        assertThat(result.out()).contains("Searching for 676 flags: from AA to ZZ", "50 concurrent connections");
        assertThat(result.count(" flags downloaded."))
                .isEqualTo(FlagImages.codes().size());
        assertThat(result.count(" not found."))
                .isEqualTo(676 - FlagImages.codes().size());
    }

    /** The very options of the lesson. */
    @Test
    void countsOfABadSiteAddUpAndEqualTheServers() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            String base = server.site(Site.ERROR).toString();
            Result result = flags("-s", "ERROR", "-al", "100", "-m", "100", "--base-url", base);
            int downloaded = result.count(" flags downloaded.");
            int errors = result.count(" errors.");
            assertThat(downloaded + errors).isEqualTo(100);
            assertThat(filesIn(folder)).hasSize(downloaded);
            assertThat(result.out())
                    .contains("The server says: " + downloaded + " downloaded, 0 not found, " + errors + " errors;");
            assertThat(result.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void sequentialHasOneConnection() {
        Result result = flags("--seed", "1", "--strategy", "sequential", "-m", "20", "BR", "br", "VN");
        assertThat(result.out())
                .contains("Searching for 2 flags: BR, VN", "1 connection will be used.", "BR VN ")
                .contains("2 flags downloaded.");
    }

    @Test
    void aRemoteSiteIsOneThatHasTheFiles() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            Result result = flags("-s", "remote", "--base-url", server.site(Site.LOCAL) + "/", "-v", "fr", "aa");
            assertThat(result.out()).startsWith("REMOTE site: " + server.site(Site.LOCAL) + System.lineSeparator());
            assertThat(result.out().lines()).contains("FR OK", "AA not found");
        }
    }

    @Test
    void aServerThatKeepsNoAccountIsSaidToBeSo() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            Result result = flags("-s", "ERROR", "--base-url", server.site(Site.LOCAL) + "/deeper", "fr");
            assertThat(result.out()).contains("The server doesn't say what it answered: HTTP status 404");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            B1                          | 'B1' is no country code
            br XYZ                      | 'XYZ' is no country code
            -a br                       | country codes, --all or --every
            -ae                         | country codes, --all or --every
            -l 0                        | --limit must be at least 1, but is 0
            -m 0                        | --max-req must be between 1 and 1000, but is 0
            -m 1001                     | --max-req must be between 1 and 1000, but is 1001
            -m many                     | 'many' is not an int
            --strategy magic            | 'magic'
            -s NOWHERE                  | 'NOWHERE'
            -s REMOTE                   | REMOTE needs a --base-url
            --base-url ftp://x/y        | --base-url must be like http://host/folder, but is 'ftp://x/y'
            --base-url flags            | --base-url must be like http://host/folder, but is 'flags'
            --base-url http://x:65536/y | --base-url must be like http://host/folder, but is 'http://x:65536/y'
            --base-url http://x/?y=z    | --base-url must be like http://host/folder, but is 'http://x/?y=z'
            --base-url http://x/%       | --base-url must be like http://host/folder, but is 'http://x/%'
            --base-url http://x --seed 1 | --seed are for a server of our own
            --timeout 0                 | --timeout must be between 0.001 and 3600, but is 0.0
            --timeout 1e-10             | --timeout must be between 0.001 and 3600, but is 1.0E-10
            --timeout NaN               | --timeout must be between 0.001 and 3600, but is NaN
            --retries -1                | --retries must be at least 0, but is -1
            --max-delay 0               | max-delay must be more than 0 and at most 3600 s, but is 0.0 s
            --max-delay 3601            | max-delay must be more than 0 and at most 3600 s, but is 3601.0 s
            --max-delay 1e300           | max-delay must be more than 0 and at most 3600 s
            --error-rate 1.5            | error-rate must be between 0 and 1, but is 1.5
            """)
    void badUsageIsOneClearLine(String arguments, String message) throws IOException {
        Result result = flags(arguments.split(" "));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("flags: ")
                .contains(message);
        assertThat(result.out()).isEmpty();
        assertThat(filesIn(folder)).isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidOnce() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Result result = run("flags", "--out", file.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("flags: --out: cannot write to folder '" + file + "' (not a folder)");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void anEmptyNameIsNoFolder() {
        Result result = run("flags", "--out", "");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("flags: --out must name a folder, but is ''");
    }

    @Test
    void aComparisonSaysOnceWhyItFailed() throws IOException {
        FlagServer gone = FlagServer.start(0, SiteBehaviour.DEFAULT);
        gone.close();
        String base = gone.site(Site.DELAY).toString();
        Result result = flags("--compare", "--base-url", base, "--retries", "0", "-m", "2", "BR", "FR");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("flags: cannot connect to " + base + "; is a server running there? (");
    }

    @ParameterizedTest
    @CsvSource({"--port,65536", "--port,-1", "--max-delay,-2", "--error-rate,x"})
    void aServerStartedWronglySaysSo(String option, String value) {
        Result result = run("flags-server", option, value);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .startsWith("flags-server: ")
                .contains(value);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            String port = String.valueOf(server.site(Site.LOCAL).getPort());
            Result result = run("flags-server", "--port", port);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("port " + port + " is taken");
        }
    }

    private Result flags(String... arguments) {
        Stream<String> withFolder = Stream.of("--out", folder.toString());
        return run("flags", Stream.concat(withFolder, Stream.of(arguments)).toArray(String[]::new));
    }

    private static Result run(String command, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] all = Stream.concat(Stream.of(command), Stream.of(arguments)).toArray(String[]::new);
        int exitCode = Main.run(new Terminal(out, err), all);
        return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
