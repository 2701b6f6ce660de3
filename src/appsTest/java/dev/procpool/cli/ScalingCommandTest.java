package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private int run(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "scaling";
        System.arraycopy(args, 0, all, 1, args.length);
        return Main.run(new Terminal(new ByteArrayOutputStream(), errors), all);
    }

    private String error() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--jobs | md5 | there is no job 'md5'; there are arcfour, sha, alloc",
                "--workers | 0 | --workers must be numbers from 1 to 1024, such as 1-8 or 1,2,4, but is '0'",
                "--workers | 4-2 | '4-2'",
                "--workers | 1,,2 | '1,,2'",
                "--workers | 99999999999 | '99999999999'",
                "--executors | goroutines | goroutines",
                "--experiments | love | love",
                "--repeat | 0 | --repeat must be at least 1, but is 0",
                "--warmup | -1 | --warmup must be at least 0, but is -1",
                "--count | 0 | --count must be at least 1, but is 0",
                "--size | 0 | --size must be between 1 and",
                "--simulate | 64 | --simulate must be like cores=64,256,1024",
                "--job-class | com.acme.Nothing | --job-class com.acme.Nothing: not found",
            })
    void a_bad_value_is_one_clear_line_and_exit_code_2(String option, String value, String message) {
        assertThat(run(option, value, "--out", folder.resolve("out").toString()))
                .isEqualTo(2);
        assertThat(error()).contains(message).hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void an_output_folder_that_cannot_be_made_is_exit_code_2() throws Exception {
        Path file = Files.createFile(folder.resolve("taken"));
        assertThat(run("--quick", "--out", file.toString())).isEqualTo(2);
        assertThat(error())
                .contains("--out " + file + ": cannot write there (" + file + " is no folder)")
                .hasLineCount(1);
    }

    @Test
    void a_class_path_that_is_not_there_is_named() {
        assertThat(run("--job-class", "Foo", "--class-path", "/no/such.jar", "--out", folder.toString()))
                .isEqualTo(2);
        assertThat(error()).contains("--class-path /no/such.jar: no such file or folder");
    }
}
