package dev.procpool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.flags.Strategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ctrl-C for {@code bin/flags}, as a process of its own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "uses env of GNU coreutils")
class FlagsInterruptTest {
    private static final int CONNECTIONS = 5;

    @TempDir
    Path folder;

    static Stream<Strategy> strategies() {
        return Stream.of(Strategy.values())
                .filter(strategy ->
                        strategy != Strategy.VIRTUAL || Runtime.version().feature() >= 21);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void reportsWhatThereIsAndLeavesNothingHalfWritten(Strategy strategy) throws Exception {
        Process flags = start(strategy);
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = flags.inputReader(UTF_8)) {
            String line = out.readLine();
            for (; line != null && !line.endsWith(" OK"); line = out.readLine()) {
                lines.add(line);
            }
            assertThat(line).as("after %s", lines).isNotNull();
            lines.add(line);
            interrupt(flags);
            out.lines().forEach(lines::add);
            assertThat(flags.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            flags.destroyForcibly();
        }

        int downloaded = (int) lines.stream().filter(l -> l.endsWith(" OK")).count();
        assertThat(flags.exitValue()).isEqualTo(130);
        assertThat(lines).contains(downloaded == 1 ? "1 flag downloaded." : downloaded + " flags downloaded.");
        assertThat(lines.get(lines.size() - 1)).matches("Elapsed time: [0-9.]+s");
        try (Stream<Path> files = Files.list(folder)) {
            // saved, but too late to be reported: at most one for each connection
            assertThat(files)
                    .allMatch(file -> file.toString().endsWith(".svg"))
                    .hasSizeBetween(downloaded, downloaded + CONNECTIONS);
        }
    }

    private Process start(Strategy strategy) throws IOException {
        List<String> command = List.of(
                // Whoever runs the tests in the background has children that ignore SIGINT.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "flags",
                "--every",
                "--verbose",
                "--server=DELAY",
                "--max-delay=1",
                "--max-req=" + CONNECTIONS,
                "--strategy=" + strategy,
                "--out=" + folder);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void interrupt(Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
