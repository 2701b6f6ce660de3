package dev.procpool.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.PoolStats;
import dev.procpool.TaskExecutor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that can't fail is worth nothing: each kind of damage is found and spoils the balance. */
class DamageTest {
    private static final Predicate<Object> FORTY_TWO = Integer.valueOf(42)::equals;

    private Soak soak;

    @BeforeEach
    void prepare() throws IOException {
        soak = new Soak(new SoakPlan(1, 1, Duration.ofSeconds(1), 100, Duration.ZERO, 0, false, 1));
    }

    @AfterEach
    void close() throws IOException {
        soak.pool().close();
        soak.starts().close();
    }

    private int startedTask() {
        int task = soak.nextTask();
        soak.starts().add(task);
        return task;
    }

    private void expectError(String words) {
        assertThat(soak.ledger().errors()).isEqualTo(1);
        assertThat(soak.ledger().balances()).isFalse();
        assertThat(soak.ledger().lines()).last().asString().contains(words);
    }

    @Test
    void nothingWrong() {
        soak.judge().value(startedTask(), "task 0", 42, FORTY_TWO);
        soak.checkStarts();
        assertThat(soak.ledger().balances()).isTrue();
    }

    @Test
    void wrongValue() {
        soak.judge().value(startedTask(), "task 0", 41, FORTY_TWO);
        expectError("wrong: task 0 returned 41");
    }

    @Test
    void valueOfATaskThatNeverStarted() {
        soak.judge().value(soak.nextTask(), "task 0", 42, FORTY_TWO);
        expectError("wrong: task 0 returned, but never started");
    }

    @Test
    void failureThatWasNotForeseen() {
        startedTask();
        soak.judge().failure("task 0", new IllegalStateException("oh"), Errand.NEVER_FAILS);
        expectError("wrong: task 0 failed: java.lang.IllegalStateException: oh");
    }

    @Test
    void taskThatNobodyHasJudged() {
        startedTask();
        assertThat(soak.ledger().balances()).isFalse();
    }

    @Test
    void cancellationByNobody() {
        try (TaskExecutor threads = TaskExecutor.threads(1)) {
            CountDownLatch never = new CountDownLatch(1);
            PoolFuture<Integer> future = threads.submit(() -> {
                never.await();
                return 42;
            });
            future.cancel(true);
            int task = startedTask();
            soak.settle(new Errand(task, "noop", future, FORTY_TWO, Errand.NEVER_FAILS, false));
        }
        expectError("wrong: task 0 (noop) was cancelled by nobody");
    }

    @Test
    void taskThatWasStartedTwice() {
        soak.starts().add(startedTask());
        soak.checkStarts();
        assertThat(soak.ledger().errors()).isEqualTo(1);
        assertThat(soak.ledger().lines()).last().isEqualTo("started too often: task 0 was started 2 times");
    }

    @Test
    void lineThatCameTwice() {
        PrintedLines lines = new PrintedLines(soak.ledger());
        lines.arrived("[w] " + PrintedLines.line(7, 0));
        assertThat(soak.ledger().errors()).isZero();
        lines.arrived("[w] " + PrintedLines.line(7, 0));
        expectError("line 1 of task 7 came as");
    }

    @Test
    void lineThatIsTorn() {
        new PrintedLines(soak.ledger()).arrived("[w] " + PrintedLines.line(7, 0).substring(0, 15));
        expectError("a line is not whole");
    }

    @Test
    void lineThatIsCut() {
        String line = "[w] " + PrintedLines.line(7, 0);
        new PrintedLines(soak.ledger()).arrived(line.substring(0, line.length() - 1));
        expectError("line 0 of task 7 came as");
    }

    @Test
    void linesThatAreMissing() {
        assertThat(soak.expectLines(7, 3)).isTrue();
        soak.checkLines();
        expectError("lost: of the 3 lines of task 7 0 came");
    }

    @Test
    void callbackThatDidNotRun() {
        try (TaskExecutor threads = TaskExecutor.threads(1)) {
            CountDownLatch late = new CountDownLatch(1);
            PoolFuture<Integer> future = threads.submit(() -> {
                late.await();
                return 42;
            });
            soak.expectCallback(future);
            soak.checkLines();
            late.countDown();
        }
        expectError("lost: 1 callbacks were due, 0 have run");
    }

    @Test
    void processThatIsLeft() throws IOException, InterruptedException {
        Resources before = soak.resources();
        Process child = new ProcessBuilder("sleep", "100").start();
        try {
            assertThat(Soak.leakedWorkers(before, soak.resources())).containsExactly("process " + child.pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void processThatLostItsParents() throws IOException, InterruptedException {
        Resources before = soak.resources();
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "sleep 100 > /dev/null 2>&1 & echo $!");
        shell.environment().putAll(Map.of(StartCounts.VARIABLE, soak.starts().path()));
        Process started = shell.start();
        long pid =
                Long.parseLong(new String(started.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
        started.waitFor();
        try {
            await().atMost(Limits.LONG)
                    .untilAsserted(() -> assertThat(Soak.leakedWorkers(before, soak.resources()))
                            .containsExactly("process " + pid));
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void threadThatIsLeft() throws InterruptedException {
        Resources before = soak.resources();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                Soak.POOL + "-worker-1-reader");
        thread.start();
        try {
            assertThat(Soak.leftOver(before, soak.resources())).containsExactly("thread " + thread.getName());
        } finally {
            end.countDown();
            thread.join();
        }
    }

    @Test
    void fileThatIsOpen(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Resources before = soak.resources();
        try (FileInputStream open = new FileInputStream(file.toFile())) {
            assertThat(open.available()).isZero();
            expectLeft(before, "file descriptor of " + file.toRealPath());
        }
        assertThat(Soak.leftOver(before, soak.resources())).isEmpty();
    }

    @Test
    void fileThatIsOpenTwice(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file.jar"));
        Resources before = soak.resources();
        try (FileInputStream first = new FileInputStream(file.toFile());
                FileInputStream second = new FileInputStream(file.toFile())) {
            assertThat(first.available() + second.available()).isZero();
            expectLeft(before, "file descriptor of " + file.toRealPath() + ", 2 times");
        }
    }

    @Test
    void fileThatIsOpenThoughDeleted(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Resources before = soak.resources();
        Path place = file.toRealPath();
        try (FileInputStream open = new FileInputStream(file.toFile())) {
            assertThat(open.available()).isZero();
            Files.delete(file);
            expectLeft(before, "file descriptor of " + place + " (deleted)");
        }
    }

    /** With the first channel that is closed Java opens a socket of its own, and keeps it. */
    private static void openAndCloseAChannel() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().close();
        pipe.source().close();
        ServerSocketChannel.open().close();
    }

    @Test
    void pipeThatIsOpen() throws IOException {
        openAndCloseAChannel();
        Resources before = soak.resources();
        Pipe pipe = Pipe.open();
        try {
            assertThat(Soak.leftOver(before, soak.resources()))
                    .singleElement()
                    .asString()
                    .matches("file descriptor of pipe:\\[\\d+], 2 times");
        } finally {
            pipe.sink().close();
            pipe.source().close();
        }
    }

    @Test
    void socketThatIsOpen() throws IOException {
        openAndCloseAChannel();
        Resources before = soak.resources();
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            assertThat(socket.isOpen()).isTrue();
            assertThat(Soak.leftOver(before, soak.resources()))
                    .singleElement()
                    .asString()
                    .matches("file descriptor of socket:\\[\\d+]");
        }
    }

    @Test
    void whatJavaOpensOnceAndKeepsIsNoDamage(@TempDir Path folder) throws IOException {
        Path jar = Files.createFile(folder.resolve("library.jar"));
        Resources before = soak.resources();
        try (FileInputStream randomness = new FileInputStream("/dev/urandom");
                FileInputStream library = new FileInputStream(jar.toFile());
                FileInputStream ofTheJdk = new FileInputStream(
                        Path.of(System.getProperty("java.home"), "release").toFile())) {
            assertThat(randomness.read()).isBetween(0, 255);
            assertThat(library.available()).isZero();
            assertThat(ofTheJdk.available()).isPositive();
            Resources after = soak.resources();
            assertThat(after.descriptors().count())
                    .isEqualTo(before.descriptors().count() + 3);
            assertThat(Soak.leftOver(before, after)).isEmpty();
        }
    }

    private void expectLeft(Resources before, String what) {
        assertThat(Soak.leftOver(before, soak.resources())).containsExactly(what);
    }

    @Test
    void replyThatNobodyRead() {
        soak.checkRescued(new PoolStats(1, 1, 0, 0, 0, 1, 0, 0, 0, 0));
        assertThat(soak.ledger().errors()).isZero();
        soak.checkRescued(new PoolStats(1, 1, 0, 0, 0, 1, 0, 0, 2, 0));
        expectError("wrong: 2 replies lay unread until the monitor took them out");
    }

    @Test
    void fileThatHasAName() throws IOException {
        Resources before = soak.resources();
        Path file = Files.createTempFile("procpool-", null);
        try {
            assertThat(Soak.leftOver(before, soak.resources())).containsExactly("file " + file);
        } finally {
            Files.delete(file);
        }
    }
}
