package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.BrokenPoolException;
import dev.procpool.LeakCheck;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.WorkerCrashedException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Workers that can't start: the pool is broken and says why, with the child's own words. */
@ExtendWith(LeakCheck.class)
class StartFailureTest {
    @TempDir
    Path folder;

    /** Pending and later tasks fail; the message has {@code words}; closing takes no time. */
    private static void expectBroken(ProcessPoolExecutor.Builder builder, String... words) {
        try (ProcessPoolExecutor pool = builder.build()) {
            List<PoolFuture<Integer>> pending = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                try {
                    pending.add(pool.submit(() -> 1));
                } catch (BrokenPoolException e) {
                    break; // it was quick
                }
            }
            assertThat(pending).isNotEmpty();
            for (PoolFuture<Integer> future : pending) {
                assertThat(failure(future, BrokenPoolException.class).getMessage())
                        .contains("no worker could be started")
                        .contains(words);
            }
            assertThatThrownBy(() -> pool.submit(() -> 2))
                    .isInstanceOf(BrokenPoolException.class)
                    .hasMessageContainingAll(words);
            assertThat(pool.workers()).allMatch(worker -> worker.state() == dev.procpool.WorkerInfo.State.DEAD);
        }
    }

    @Test
    void badJvmFlag() {
        expectBroken(quiet(2).jvmArgs("-XX:+NoSuchFlag"), "Unrecognized VM option", "NoSuchFlag");
    }

    @Test
    void noSuchJdk() {
        expectBroken(quiet(1).javaHome(folder.resolve("no-jdk")), "no-jdk/bin/java", "not found");
    }

    @Test
    void noSuchMainClass() {
        expectBroken(
                quiet(1).classPath(folder.toString()),
                "dev.procpool.internal.child.ChildMain",
                "add its jar to the option classPath");
    }

    /** What is given relative to this JVM's folder is meant so, wherever workers run. */
    @Test
    void relativeClassPathWithAnotherWorkingDirectory() {
        Path here = Path.of("").toAbsolutePath();
        List<String> relative = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> here.relativize(Path.of(entry).toAbsolutePath()).toString())
                .toList();
        try (ProcessPoolExecutor pool =
                quiet(1).classPath(relative).workingDirectory(folder).build()) {
            assertThat(value(pool.submit(() -> System.getProperty("user.dir")))).isEqualTo(folder.toString());
        }
    }

    @Test
    void heapThatDoesNotFit() {
        expectBroken(quiet(1).jvmArgs("-Xmx1m", "-Xms2m"), "heap");
    }

    @Test
    void failingInitializer() {
        expectBroken(
                quiet(2).initializer(() -> {
                    throw new IllegalStateException("no licence");
                }),
                "its initializer failed",
                "IllegalStateException: no licence");
    }

    @Test
    void initializerThatExits() {
        expectBroken(
                quiet(1).initializer(() -> {
                    System.err.println("can't go on");
                    System.exit(9);
                }),
                "exit code 9",
                "can't go on");
    }

    @Test
    void initializerThatCrashesTheJvm() {
        expectBroken(
                quiet(1).workingDirectory(folder).initializer(() -> Faults.signalItself("SEGV")),
                "4 times in a row",
                "it was ended by SIGSEGV",
                "hs_err_pid");
    }

    @Test
    void initializerThatWritesOnThePipe() {
        expectBroken(
                quiet(1).initializer(() -> Faults.writeToPipe("garbage")),
                "it was killed: it wrote on the pipe: \"garbage\"");
    }

    @Test
    void initializerThatOverflowsTheStackIsQuotedShortly() {
        try (ProcessPoolExecutor pool =
                quiet(1).initializer(StartFailureTest::overflow).build()) {
            assertThat(failure(pool.submit(() -> 1), BrokenPoolException.class).getMessage())
                    .contains("StackOverflowError")
                    .hasLineCount(21);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static void overflow() {
        overflow();
    }

    @Test
    void startThatHangs() {
        expectBroken(
                quiet(2).launchPrefix("sh", "-c", "sleep 1000", "sh").startTimeout(Duration.ofMillis(200)),
                "it was not ready in time",
                "startTimeout is PT0.2S");
    }

    @Test
    void initializerThatHangs() {
        expectBroken(
                quiet(1).initializer(Faults::sleepForEver).startTimeout(Duration.ofSeconds(1)),
                "it was not ready in time",
                "startTimeout is PT1S");
    }

    @Test
    void launchPrefixThatFails() {
        expectBroken(quiet(1).launchPrefix("sh", "-c", "echo out of licences >&2; exit 3", "sh"), "out of licences");
    }

    @Test
    void launchPrefixThatCannotFork() {
        // What the system does at its limit of processes: the shell can't fork.
        expectBroken(quiet(1).launchPrefix("sh", "-c", "echo 'sh: Cannot fork' >&2; exit 2", "sh"), "Cannot fork");
    }

    @Test
    void initializerThatFailsNowAndThenIsTriedAgain() {
        Signal tries = Signal.in(folder, "tries");
        try (ProcessPoolExecutor pool = quiet(1).initializer(() -> {
                    tries.raise();
                    if (tries.count() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .build()) {
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            assertThat(tries.count()).isEqualTo(3);
        }
    }

    /** A worker that becomes ready makes up for earlier failures; one that runs a task is not taken down with them. */
    @Test
    void replacementsFailWhileAnotherWorks() throws IOException {
        Path broken = folder.resolve("broken");
        String file = broken.toString();
        Signal go = Signal.in(folder, "go");
        try (ProcessPoolExecutor pool = quiet(2).initializer(() -> {
                    if (Files.exists(Path.of(file))) {
                        throw new IllegalStateException("broken now");
                    }
                })
                .build()) {
            PoolFuture<Integer> works = pool.submit(() -> Faults.await(go));
            PoolFuture<Integer> crashes = pool.submit(() -> Faults.await(go));
            org.awaitility.Awaitility.await()
                    .until(() -> works.status() == PoolFuture.Status.RUNNING
                            && crashes.status() == PoolFuture.Status.RUNNING);
            Files.createFile(broken);
            Faults.run("kill", "-9", Long.toString(crashes.workerPid().orElseThrow()));
            failure(crashes, WorkerCrashedException.class);
            PoolFuture<Integer> behind = pool.submit(() -> 3);
            go.raise();

            value(works);
            assertThat(value(behind)).isEqualTo(3);
        }
    }

    @Test
    void initializerThatCapturesWhatIsNotSerializable() {
        Object lock = new Object();
        assertThatThrownBy(() ->
                        quiet(1).initializer(() -> System.out.println(lock)).build())
                .isInstanceOf(dev.procpool.TaskSerializationException.class)
                .hasMessageContaining("initializer");
    }
}
