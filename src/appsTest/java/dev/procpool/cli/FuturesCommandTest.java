package dev.procpool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.procpool.jobs.ExecutorKind;
import dev.procpool.jobs.FileName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands inside this JVM: what they print, and what they say to mistakes. */
class FuturesCommandTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"threads", "forkjoin", "processes"})
    void arcfourPrintsTwelveSizesAndTheTime(String executor) {
        assertThat(run("arcfour-futures", "4", "--executor", executor)).isZero();
        List<String> lines = out();
        assertThat(lines.subList(0, 12))
                .containsExactlyInAnyOrder(
                        "384.0 KB",
                        "362.7 KB",
                        "341.3 KB",
                        "320.0 KB",
                        "298.7 KB",
                        "277.3 KB",
                        "256.0 KB",
                        "234.7 KB",
                        "213.3 KB",
                        "192.0 KB",
                        "170.7 KB",
                        "149.3 KB");
        assertThat(lines.get(12)).matches("4 workers, elapsed time: \\d+\\.\\d\\ds");
        assertThat(lines).hasSize(13);
        assertThat(err()).isEmpty();
    }

    @Test
    void sequentialRunsStartWithTheLargestJob() {
        assertThat(run(
                        "arcfour-futures",
                        "--executor",
                        "sequential",
                        "--jobs",
                        "2",
                        "--size",
                        "1024",
                        "--provider",
                        "jdk"))
                .isZero();
        assertThat(out()).startsWith("1.5 KB", "1.0 KB");
    }

    @Test
    void shaPrintsTheSameDigestsForTheSameSeed() {
        assertThat(run("sha-futures", "2", "--executor", "threads", "--seed", "1"))
                .isZero();
        List<String> first = out();
        assertThat(first.subList(0, 12))
                .allMatch(line -> line.matches("[0-9a-f]{64}"))
                .doesNotHaveDuplicates();
        assertThat(first.get(12)).matches("2 workers, elapsed time: \\d+\\.\\d\\ds");
        out.reset();
        assertThat(run("sha-futures", "2", "--executor", "threads", "--seed", "1", "--provider", "jdk"))
                .isZero();
        assertThat(out().subList(0, 12)).containsExactlyInAnyOrderElementsOf(first.subList(0, 12));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SPARK") // has tests of its own
    void everyExecutorWorksOrSaysWhyNot(ExecutorKind kind) {
        int code = run("sha-futures", "2", "--executor", kind.toString(), "--jobs", "2", "--size", "100");
        if (code == 0) {
            assertThat(out()).hasSize(3);
            assertThat(err()).isEmpty();
        } else {
            assertThat(code).isEqualTo(2);
            assertThat(kind).isEqualTo(ExecutorKind.VIRTUAL);
            assertThat(err()).hasSize(1);
        }
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("WORKERS must be between 1 and 2147483647, but is 0", new String[] {"0"}),
                Arguments.of("WORKERS must be between 1 and 2147483647, but is -1", new String[] {"-1"}),
                Arguments.of(
                        "WORKERS must be between 1 and 2147483647, but is 99999999999", new String[] {"99999999999"}),
                Arguments.of("'x' is neither a number of workers nor a file", new String[] {"x"}),
                Arguments.of("--size must be between 1 and 1073741824, but is -1", new String[] {"--size", "-1"}),
                Arguments.of("--jobs must be at least 1, but is 0", new String[] {"--jobs", "0"}),
                Arguments.of(
                        "Invalid value for option '--jobs': 'many' is not an int", new String[] {"--jobs", "many"}),
                Arguments.of(
                        "Invalid value for option '--provider': expected one of [BC, JDK] (case-insensitive) but was 'foo'",
                        new String[] {"--provider", "foo"}),
                Arguments.of(
                        "--master is for --executor spark, but the executor is processes",
                        new String[] {"--master", "spark://127.0.0.1:7077"}),
                Arguments.of("Unknown option: '--nope'", new String[] {"--nope"}));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneLineAndExitCode2(String message, String[] arguments) {
        for (String command : List.of("arcfour-futures", "sha-futures")) {
            err.reset();
            String[] all =
                    Stream.concat(Stream.of(command), Arrays.stream(arguments)).toArray(String[]::new);
            assertThat(run(all)).isEqualTo(2);
            assertThat(err()).containsExactly(command + ": " + message + ". Try '" + command + " --help'.");
            assertThat(out()).isEmpty();
        }
    }

    @Test
    void encryptingAFileNeedsAKeyOfAFittingLength() throws IOException {
        String file = file("plain", "x");
        assertThat(run("arcfour-futures", file)).isEqualTo(2);
        assertThat(run("arcfour-futures", file, "--key", "")).isEqualTo(2);
        assertThat(run("arcfour-futures", file, "--key", "k".repeat(129))).isEqualTo(2);
        assertThat(err())
                .containsExactly(
                        "arcfour-futures: FILE needs a --key. Try 'arcfour-futures --help'.",
                        "arcfour-futures: --key must have 1 to 256 bytes, but has 0. Try 'arcfour-futures --help'.",
                        "arcfour-futures: --key must have at most 128 bytes with --provider jdk, but has 129."
                                + " Try 'arcfour-futures --help'.");
        assertThat(files()).containsExactly("plain");
    }

    @Test
    void aMissingFileAmongOthersFailsAlone() throws IOException {
        String good = file("good", "abc");
        String missing = folder + "/missing";
        assertThat(run("sha-futures", "2", "--executor", "threads", missing, good))
                .isEqualTo(1);
        assertThat(out()).containsExactly(ABC + "  " + good);
        assertThat(err()).containsExactly("sha-futures: cannot read " + missing + ": No such file or directory");

        err.reset();
        assertThat(run("arcfour-futures", "2", "--executor", "threads", "--key", "k", missing, good))
                .isEqualTo(1);
        assertThat(err()).containsExactly("arcfour-futures: cannot encrypt " + missing + ": No such file or directory");
        assertThat(files()).containsExactly("good", "good.rc4");
    }

    @Test
    void filesAreDigestedInTheirOrderAndDirectoriesInTheOrderOfNames() throws IOException {
        file("dir/z", "");
        file("dir/a", "abc");
        file("dir/m/deep", "");
        Files.createSymbolicLink(folder.resolve("dir/loop"), Path.of("."));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("dir/a"));
        String first = file("z first", "abc");
        assertThat(run("sha-futures", "2", "--executor", "threads", first, folder + "/dir", folder + "/link"))
                .isZero();
        assertThat(out())
                .containsExactly(
                        ABC + "  " + first,
                        ABC + "  " + folder + "/dir/a",
                        EMPTY + "  " + folder + "/dir/m/deep",
                        EMPTY + "  " + folder + "/dir/z",
                        ABC + "  " + folder + "/link");
    }

    @Test
    void namesAreEscapedAsSha256sumDoes() {
        assertThat(ShaFuturesCommand.checksumLine(ABC, "a b")).isEqualTo(ABC + "  a b");
        assertThat(ShaFuturesCommand.checksumLine(ABC, "a\\b")).isEqualTo("\\" + ABC + "  a\\\\b");
        assertThat(ShaFuturesCommand.checksumLine(ABC, "a\nb\rc")).isEqualTo("\\" + ABC + "  a\\nb\\rc");
    }

    @Test
    void encryptingTwiceGivesTheOriginalAndReplacesOldTargets() throws IOException {
        String plain = file("plain", "some text");
        file("plain.rc4", "an older target");
        assertThat(run("arcfour-futures", "2", "--executor", "threads", "--key", "Key", plain))
                .isZero();
        assertThat(run("arcfour-futures", "2", "--executor", "threads", "--key", "Key", plain + ".rc4"))
                .isZero();
        assertThat(out()).containsExactly(plain + ".rc4", plain + ".rc4.rc4");
        assertThat(Path.of(plain + ".rc4.rc4")).hasContent("some text");
        assertThat(files()).containsExactly("plain", "plain.rc4", "plain.rc4.rc4");
    }

    @Test
    void inDirectoriesOldTargetsArePassedOver() throws IOException {
        file("dir/a", "x");
        file("dir/b.rc4", "y");
        assertThat(run("arcfour-futures", "--executor", "threads", "--key", "k", folder + "/dir"))
                .isZero();
        assertThat(out()).containsExactly(folder + "/dir/a.rc4");
    }

    @Test
    void jsonIsOneObjectWithEverything() throws IOException {
        assertThat(run("arcfour-futures", "2", "--executor", "threads", "--seed", "5", "--jobs", "3", "--json"))
                .isZero();
        JsonObject classic = JsonParser.parseString(out.toString(UTF_8)).getAsJsonObject();
        assertThat(classic.get("command").getAsString()).isEqualTo("arcfour-futures");
        assertThat(classic.get("workers").getAsInt()).isEqualTo(2);
        assertThat(classic.get("seed").getAsLong()).isEqualTo(5);
        assertThat(classic.get("sizes").getAsJsonArray()).hasSize(3);
        assertThat(classic.get("elapsedSeconds").getAsDouble()).isPositive();

        out.reset();
        String good = file("good", "abc");
        assertThat(run("sha-futures", "--executor", "threads", "--json", good, folder + "/stray\uDCFF"))
                .isEqualTo(1);
        assertThat(out()).anyMatch(line -> line.contains("stray\\udcff"));
        JsonObject files = JsonParser.parseString(out.toString(UTF_8)).getAsJsonObject();
        JsonObject first = files.get("files").getAsJsonArray().get(0).getAsJsonObject();
        assertThat(first.get("name").getAsString()).isEqualTo(good);
        assertThat(first.get("sha256").getAsString()).isEqualTo(ABC);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse names that aren't UTF-8")
    void namesKeepTheirBytes() throws IOException {
        FileName stray = FileName.of(folder.toString()).resolve(FileName.of("\uDCFFä"));
        Files.writeString(stray.path(), "abc");
        assertThat(run("sha-futures", "--executor", "threads", folder.toString()))
                .isZero();
        assertThat(out.toByteArray()).isEqualTo(FileName.encode(ABC + "  " + stray + "\n"));
        Files.delete(stray.path());
    }

    @Test
    void helpAndVersionAndCompletion() {
        for (String command : Main.commandNames()) {
            assertThat(run(command, "--help")).isIn(0, 2);
        }
        out.reset();
        assertThat(run("sha-futures", "--version")).isZero();
        assertThat(out()).singleElement().asString().startsWith("procpool ");
        out.reset();
        assertThat(run("completion")).isZero();
        assertThat(out())
                .contains(
                        "complete -F _complete_arcfour-futures -o default arcfour-futures arcfour-futures.sh arcfour-futures.bash");
    }

    @Test
    void anUnknownCommandGetsTheList() {
        assertThat(run("foo")).isEqualTo(2);
        assertThat(err()).singleElement().asString().contains("'foo'", "arcfour-futures", "sha-futures");
    }

    private int run(String... arguments) {
        return Main.run(new Terminal(out, err), arguments);
    }

    private List<String> out() {
        return out.toString(UTF_8).lines().toList();
    }

    private List<String> err() {
        return err.toString(UTF_8).lines().toList();
    }

    private String file(String name, String content) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, content).toString();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> listing = Files.list(folder)) {
            return new ArrayList<>(
                    listing.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }
}
