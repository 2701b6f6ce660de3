package dev.procpool.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples of the README and of the lessons compile and run as they stand, and print what their comments say. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("public class (\\w+)");
    private static final Pattern PRINTED = Pattern.compile("println\\(.*// (.+)$", Pattern.MULTILINE);

    private static final List<Path> PAGES = List.of(Path.of("README.md"), Path.of("src/docs/lessons.md"));

    /** A whole program of a page. */
    record Sample(String name, String source) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (Path page : PAGES) {
            List<Sample> found = samplesOf(page);
            assertThat(found).as("samples of " + page).isNotEmpty();
            samples.addAll(found);
        }
        return samples.stream();
    }

    private static List<Sample> samplesOf(Path page) throws IOException {
        List<Sample> samples = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(page));
        while (block.find()) {
            Matcher name = NAME.matcher(block.group(1));
            assertThat(name.find())
                    .as("a sample is a whole program:\n%s", block.group(1))
                    .isTrue();
            samples.add(new Sample(name.group(1), block.group(1)));
        }
        return samples;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void compilesAndRuns(Sample sample, @TempDir Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve(sample.name + ".java"), sample.source);
        String classPath = System.getProperty("java.class.path");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-cp", classPath, "-d", folder.toString(), source.toString()))
                .as("exit code of the compiler")
                .isZero();
        Path printed = folder.resolve("printed");
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder + File.pathSeparator + classPath,
                        sample.name)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(run.waitFor(60, TimeUnit.SECONDS)).as("ends in time").isTrue();
            String output = Files.readString(printed);
            assertThat(run.exitValue()).as(output).isZero();
            Matcher expected = PRINTED.matcher(sample.source);
            while (expected.find()) {
                assertThat(output)
                        .contains(expected.group(1)
                                .replaceAll("^worker … | …$", "")
                                .strip());
            }
        } finally {
            run.destroyForcibly();
        }
    }
}
