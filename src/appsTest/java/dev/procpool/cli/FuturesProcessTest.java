package dev.procpool.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.jobs.FileName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as processes of their own, with worker processes: locales, other tools' judgement, Ctrl-C. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "uses GNU coreutils, and names that other systems refuse")
class FuturesProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
    void sha256sumAcceptsWhatWePrintInEveryLocale(String locale) throws Exception {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("sub"));
        List<FileName> created = new ArrayList<>();
        for (String name :
                List.of("empty", "with space", "ümläut", "stray\uDCFF\uDCFE", "back\\slash", "new\nline", "4")) {
            FileName file = FileName.of(tree.toString()).resolve(FileName.of(name));
            Files.writeString(file.path(), name.equals("empty") ? "" : "content");
            created.add(file);
        }
        Files.createSymbolicLink(tree.resolve("loop"), tree);

        Process sha = start(locale, tree, "sha-futures", "2", "sub", "--", "./4", tree.toString());
        byte[] sums = sha.getInputStream().readAllBytes();
        assertThat(sha.waitFor()).isZero();
        assertThat(new String(sums, ISO_8859_1).lines()).hasSize(created.size() + 1);
        Process check = start(List.of("sha256sum", "-c", "--quiet", "--strict"), locale, tree);
        try (OutputStream in = check.getOutputStream()) {
            in.write(sums);
        }
        assertThat(check.getInputStream().readAllBytes()).asString(ISO_8859_1).isEmpty();
        assertThat(check.waitFor()).isZero();
        for (FileName file : created) {
            Files.delete(file.path());
        }
    }

    @Test
    void aNameOnTheCommandLineKeepsItsBytes() throws Exception {
        FileName file = FileName.of(folder.toString()).resolve(FileName.of("ü\uDCFF"));
        Files.writeString(file.path(), "content");
        // A shell, since ProcessBuilder couldn't pass such an argument on; it takes the only file there is.
        Process sha = start(
                List.of("sh", "-c", "cd '" + folder + "' && exec \"$@\" *", "sh"),
                "C",
                folder,
                "sha-futures",
                "1",
                "--executor",
                "threads",
                "--");
        byte[] line = sha.getInputStream().readAllBytes();
        assertThat(sha.waitFor()).isZero();
        assertThat(line)
                .asString(ISO_8859_1)
                .endsWith("  " + new String(FileName.encode("ü\uDCFF"), ISO_8859_1) + "\n");
        Files.delete(file.path());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "--help"})
    void output_that_cannot_be_written_is_a_failure(String argument) throws Exception {
        Process sha =
                start(List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh"), "C.UTF-8", folder, "sha-futures", argument);
        assertThat(sha.getInputStream().readAllBytes())
                .asString(ISO_8859_1)
                .isEqualTo("sha-futures: cannot write to standard output: No space left on device\n");
        assertThat(sha.waitFor()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"processes, INT", "processes, TERM", "threads, INT"})
    void ctrlCLeavesNoHalfWrittenFile(String executor, String signal) throws Exception {
        Path huge = folder.resolve("huge");
        try (InputStream zeros = Files.newInputStream(Path.of("/dev/zero"));
                OutputStream file = Files.newOutputStream(huge)) {
            for (int i = 0; i < 512; i++) {
                file.write(zeros.readNBytes(1 << 20));
            }
        }
        Process arcfour = start(
                "C.UTF-8",
                folder,
                "arcfour-futures",
                "1",
                "--executor",
                executor,
                "--provider",
                "bc",
                "--key",
                "k",
                "huge");
        await().atMost(LIMIT).until(() -> files().stream().anyMatch(name -> name.endsWith(".tmp")));
        new ProcessBuilder("kill", "-" + signal, Long.toString(arcfour.pid()))
                .start()
                .waitFor();
        assertThat(arcfour.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(arcfour.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(files()).containsExactly("huge");
        assertThat(arcfour.getInputStream().readAllBytes()).isEmpty();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> listing = Files.list(folder)) {
            return listing.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static Process start(String locale, Path directory, String... arguments) throws IOException {
        return start(List.of(), locale, directory, arguments);
    }

    /** Runs {@code prefix} or, if there are arguments, our main class behind it. */
    private static Process start(List<String> prefix, String locale, Path directory, String... arguments)
            throws IOException {
        // Whoever runs the tests in the background has children that ignore SIGINT.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", "LC_ALL=" + locale));
        command.addAll(prefix);
        if (arguments.length > 0) {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
            command.addAll(List.of(arguments));
        }
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
