package dev.procpool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be printed must not look like success. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "uses /dev/full")
class LostOutputTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha-futures 1 --executor threads pom.xml",
                "executor-map --executor threads 0",
                "flags --version"
            })
    void aFullDiskIsSaidOnceAndIsAFailure(String command) throws Exception {
        Process process = start(command);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(err.lines())
                .singleElement()
                .asString()
                .startsWith(command.substring(0, command.indexOf(' ')) + ": cannot write to standard output");
    }

    private static Process start(String command) throws IOException {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
        return new ProcessBuilder(Stream.concat(java, Pattern.compile(" ").splitAsStream(command))
                        .toList())
                .redirectOutput(new File("/dev/full"))
                .start();
    }
}
