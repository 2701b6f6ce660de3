package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.ProcessPoolExecutor;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The JVM that makes a class archive in the background lives no longer than the program that it is made for. */
@ExtendWith(LeakCheck.class)
class ArchiveTest {
    private static final Duration AT_MOST = Faults.bound(Duration.ofSeconds(1));

    @TempDir
    Path folder;

    private Path jar;

    /** A pool that lives long enough to have an archive made. */
    static final class Program {
        public static void main(String[] args) throws InterruptedException {
            try (ProcessPoolExecutor pool = Faults.pool(1)) {
                Faults.value(pool.submit(() -> 1));
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    /** Archives are made of a jar alone. */
    @BeforeEach
    void pack() throws Exception {
        jar = folder.resolve("procpool.jar");
        String classes = Path.of(ProcessPoolExecutor.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        int code = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "cf", jar.toString(), "-C", classes, ".");
        assertThat(code).isZero();
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        jar + File.pathSeparator + System.getProperty("java.class.path"),
                        Program.class.getName())
                .inheritIO();
        builder.environment().put("XDG_CACHE_HOME", folder.toString());
        return builder.start();
    }

    private List<String> archives(String names) {
        try (Stream<Path> files = Files.list(folder.resolve("procpool"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(names))
                    .toList();
        } catch (IOException e) {
            return List.of(); // there is no such folder yet
        }
    }

    /** JVMs, and the shell that looks after them: all have the cache's folder in their command line. */
    private List<ProcessHandle> makers() {
        List<ProcessHandle> makers = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .orElse("")
                        .contains(folder.resolve("procpool").toString() + File.separator))
                .forEach(makers::add);
        return makers;
    }

    private void expectNothingLeft(Callable<Boolean> when) throws Exception {
        Process program = start();
        await().atMost(Limits.LONG).pollInterval(Duration.ofMillis(2)).until(when);

        Faults.run("kill", "-KILL", Long.toString(program.pid()));
        program.waitFor();
        long end = System.nanoTime();

        await().atMost(Limits.LONG).pollInterval(Duration.ofMillis(5)).until(() -> makers().isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - end)).isLessThan(AT_MOST);
        assertThat(archives("unfinished-")).isEmpty();
    }

    @Test
    void parentKilledWhenItsArchiveHasJustBeenBegun() throws Exception {
        expectNothingLeft(() -> makers().size() > 1);
    }

    @Test
    void parentKilledWhileItsArchiveIsWritten() throws Exception {
        expectNothingLeft(() -> !archives("unfinished-").isEmpty());
    }

    /** From JDK 25 on it takes two JVMs, of which the second can't watch over itself. */
    @Test
    void parentKilledWhenTheSecondJvmMakesItsArchive() throws Exception {
        boolean two = Runtime.version().feature() >= 25;
        expectNothingLeft(() -> makers().stream()
                .anyMatch(maker -> maker.info().commandLine().orElse("").contains(two ? "AOTMode=create" : "AtExit")));
    }

    @Test
    void archiveThatNobodyDisturbsIsKeptAndUsed() throws Exception {
        Process program = start();
        try {
            await().atMost(Limits.LONG).until(() -> !archives("worker-").isEmpty());
            await().atMost(Limits.LONG).until(() -> makers().isEmpty());
            assertThat(archives("unfinished-")).isEmpty();
        } finally {
            program.destroyForcibly().waitFor();
        }
        Process next = start();
        try {
            await("a worker that uses the archive")
                    .atMost(Limits.LONG)
                    .until(() -> next.descendants()
                            .anyMatch(worker ->
                                    worker.info().commandLine().orElse("").contains("procpool/worker-")));
        } finally {
            next.destroyForcibly().waitFor();
        }
    }
}
