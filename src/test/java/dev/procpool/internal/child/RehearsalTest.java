package dev.procpool.internal.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rehearsal that fails costs every later start its archive, and nobody hears of it. */
class RehearsalTest {
    @Test
    void goesThroughAWorkersLifeAndLeavesNothing(@TempDir Path temporary) throws Exception {
        Process rehearsal = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rehearsal.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(new File("/dev/null"))
                .start();
        assertThat(rehearsal.waitFor()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }
}
