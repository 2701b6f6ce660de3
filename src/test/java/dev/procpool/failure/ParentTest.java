package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The parent's end, however it comes: in a JVM of its own. */
@ExtendWith(LeakCheck.class)
class ParentTest {
    private static final Duration AT_MOST = Faults.bound(Duration.ofSeconds(1));

    @TempDir
    Path folder;

    /** Workers in busy loops, each with grandchildren, one of which has wiped its environment; tells the process ids of all of them. */
    static final class Busy {
        public static void main(String[] args) throws InterruptedException {
            ProcessPoolExecutor pool = Faults.pool(2);
            Signal started = new Signal(args[0]);
            for (int i = 0; i < 2; i++) {
                String pids = args[1];
                pool.submit(() -> {
                    Process grandchild = new ProcessBuilder("setsid", "sleep", "1000").start();
                    Process shell = new ProcessBuilder("sh", "-c", "env -i sleep 1000 & echo $!; wait").start();
                    String line = grandchild.pid() + " " + shell.pid() + " "
                            + shell.inputReader().readLine() + " "
                            + ProcessHandle.current().pid() + " ";
                    Files.writeString(
                            Path.of(pids),
                            line,
                            java.nio.file.StandardOpenOption.CREATE,
                            java.nio.file.StandardOpenOption.APPEND);
                    return Faults.swallowEverything(started);
                });
            }
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** Has workers that do nothing, and tells their process ids. */
    static final class Idle {
        public static void main(String[] args) throws Exception {
            try (ProcessPoolExecutor pool = Faults.pool(2)) {
                Faults.expectFullStrength(pool, new Signal(args[0]));
                Path unfinished = Path.of(args[1] + ".unfinished");
                Files.writeString(
                        unfinished,
                        pool.workers().stream()
                                .map(worker -> Long.toString(worker.pid()))
                                .collect(Collectors.joining(" ")));
                Files.move(unfinished, Path.of(args[1]), StandardCopyOption.ATOMIC_MOVE);
                Thread.sleep(Long.MAX_VALUE);
            }
        }
    }

    /** Forgets its pool. */
    static final class Forgetful {
        public static void main(String[] args) {
            ProcessPoolExecutor pool = Faults.pool(1);
            pool.submit(() -> Faults.sleepForEver()).cancel(true);
            pool.submit(() -> 42).thenAccept(n -> System.out.println("the answer is " + n));
        }
    }

    /** Has no room for the result that it asks for. */
    static final class SmallHeap {
        public static void main(String[] args) {
            try (ProcessPoolExecutor pool = Faults.quiet(1).heapSize(400 << 20).build()) {
                Faults.failure(pool.submit(() -> new byte[100 << 20]), RuntimeException.class);
                System.out.println("the answer is " + Faults.value(pool.submit(() -> 42)));
            }
        }
    }

    private Process start(Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean ignoresInterrupts() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0;
            }
        }
        return false;
    }

    private void expectNothingLeft(String signal, int round) throws Exception {
        Signal started = Signal.in(folder, "started" + round);
        Path pids = folder.resolve("pids" + round);
        Process parent = start(Busy.class, started.file(), pids.toString());
        await().atMost(Limits.LONG).until(() -> started.count() == 2);
        List<Long> all = pidsIn(pids);
        assertThat(all).hasSize(8).allMatch(Faults::isAlive);

        Faults.run("kill", "-" + signal, Long.toString(parent.pid()));
        parent.waitFor();
        long end = System.nanoTime();

        await().atMost(Limits.LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> all.stream().noneMatch(Faults::isAlive));
        assertThat(Duration.ofNanos(System.nanoTime() - end)).isLessThan(AT_MOST);
    }

    private static List<Long> pidsIn(Path file) throws IOException {
        return Stream.of(Files.readString(file).trim().split(" "))
                .map(Long::valueOf)
                .toList();
    }

    private static List<Path> poolFiles(Path where) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.filter(file -> file.getFileName().toString().startsWith("procpool-"))
                    .toList();
        }
    }

    @Test
    void killedWithAllWorkersInBusyLoops() throws Exception {
        List<Path> before = poolFiles(Path.of("/dev/shm"));
        for (int round = 0; round < Faults.repeated(2); round++) {
            expectNothingLeft("KILL", round);
        }
        assertThat(poolFiles(folder)).isEmpty();
        assertThat(before).containsAll(poolFiles(Path.of("/dev/shm")));
    }

    private void expectStoppedWorkersToEndWhenTheyRunAgain(Process parent, List<Long> workers) throws Exception {
        workers.forEach(Faults::freeze);
        Faults.run("kill", "-KILL", Long.toString(parent.pid()));
        parent.waitFor();
        assertThat(workers).as("stopped processes can't end").allMatch(Faults::isAlive);

        workers.forEach(pid -> Faults.run("kill", "-CONT", Long.toString(pid)));

        long start = System.nanoTime();
        await().atMost(Limits.LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> workers.stream().noneMatch(Faults::isAlive));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_MOST);
    }

    @Test
    void killedWhileAllIdleWorkersAreStopped() throws Exception {
        Path pids = folder.resolve("pids");
        Process parent = start(Idle.class, Signal.in(folder, "together").file(), pids.toString());
        await().atMost(Limits.LONG).until(() -> Files.exists(pids));
        expectStoppedWorkersToEndWhenTheyRunAgain(parent, pidsIn(pids));
    }

    @Test
    void killedWhileAllBusyWorkersAreStopped() throws Exception {
        Signal started = Signal.in(folder, "started");
        Path pids = folder.resolve("pids");
        Process parent = start(Busy.class, started.file(), pids.toString());
        await().atMost(Limits.LONG).until(() -> started.count() == 2);
        List<Long> all = pidsIn(pids);
        expectStoppedWorkersToEndWhenTheyRunAgain(parent, List.of(all.get(3), all.get(7)));
        await().atMost(Limits.LONG).until(() -> all.stream().noneMatch(Faults::isAlive));
    }

    @Test
    void terminated() throws Exception {
        expectNothingLeft("TERM", 0);
    }

    @Test
    void interruptedByCtrlC() throws Exception {
        // A shell ignores it for what it runs in the background, and so do we and all that we start.
        assumeFalse(ignoresInterrupts(), "SIGINT is ignored by whoever started these tests");
        expectNothingLeft("INT", 0);
    }

    @Test
    void forgottenPoolFinishesItsWorkAndLetsTheJvmExit() throws Exception {
        expectAnswer(start(Forgetful.class));
    }

    @Test
    void resultForWhichTheParentHasNoRoom() throws Exception {
        expectAnswer(start(SmallHeap.class));
    }

    private static void expectAnswer(Process parent) throws Exception {
        assertThat(parent.waitFor(Limits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(new String(parent.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("the answer is 42\n");
        assertThat(parent.exitValue()).isZero();
    }
}
