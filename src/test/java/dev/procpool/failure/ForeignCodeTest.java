package dev.procpool.failure;

import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.WorkerOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumers of lines that block, and a standard output that nobody reads: tasks and the pool's end go on. */
@ExtendWith(LeakCheck.class)
class ForeignCodeTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    /** A consumer that doesn't return from its first line until {@link #release}. */
    private void stuck(String line) {
        entered.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        lines.add(line);
    }

    private ProcessPoolExecutor stuckPool() {
        return quiet(1).name("stuck").output(WorkerOutput.lines(this::stuck)).build();
    }

    /** Some 3 MB in lines of 50 characters, and then the answer. */
    private static int printMuch() {
        for (int i = 0; i < 60_000; i++) {
            System.out.println("line " + i + " of many, all of them longer than this");
        }
        return 42;
    }

    private void endsWhileTheConsumerIsStuck(Consumer<ProcessPoolExecutor> end) throws Exception {
        try (ProcessPoolExecutor pool = stuckPool()) {
            PoolFuture<Integer> printing = pool.submit(() -> printMuch());
            assertThat(entered.await(Limits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            PoolFuture<Integer> waiting = pool.submit(() -> 1);
            end.accept(pool);
            assertThat(pool.awaitTermination(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            await().atMost(Limits.LONG).until(() -> printing.isDone() && waiting.isDone());
        } finally {
            release.countDown();
        }
    }

    @Test
    void killWorkersWhileAConsumerIsStuck() throws Exception {
        endsWhileTheConsumerIsStuck(ProcessPoolExecutor::killWorkers);
    }

    @Test
    void terminateWorkersWhileAConsumerIsStuck() throws Exception {
        endsWhileTheConsumerIsStuck(ProcessPoolExecutor::terminateWorkers);
    }

    @Test
    void shutdownNowWhileAConsumerIsStuck() throws Exception {
        endsWhileTheConsumerIsStuck(ProcessPoolExecutor::shutdownNow);
    }

    /** What was submitted is done: its lines are dropped beyond a bound, and counted. */
    @Test
    void closeWhileAConsumerIsStuck() throws Exception {
        endsWhileTheConsumerIsStuck(ProcessPoolExecutor::close);
    }

    @Test
    void linesBeyondTheBoundAreCountedAndThoseKeptStayInOrder() throws Exception {
        try (ProcessPoolExecutor pool = stuckPool()) {
            assertThat(value(pool.submit(() -> printMuch()))).isEqualTo(42);
            long dropped = pool.stats().linesDropped();
            assertThat(dropped).isPositive();
            release.countDown();
            // One more is the word that lines were dropped.
            await().atMost(Limits.LONG).until(() -> lines.size() + dropped == 60_001);
            assertThat(lines.get(0)).contains("line 0 ");
            assertThat(lines.get(1)).contains(dropped + " lines were dropped here");
            assertThat(lines.get(2)).contains("line 1 ");
        }
    }

    @Test
    void aConsumerThatClosesThePool() throws Exception {
        AtomicReference<ProcessPoolExecutor> holder = new AtomicReference<>();
        ProcessPoolExecutor pool = quiet(1).output(WorkerOutput.lines(line -> {
                    ProcessPoolExecutor mine = holder.get();
                    if (mine != null) {
                        mine.close();
                    }
                }))
                .build();
        holder.set(pool);
        PoolFuture<Integer> future = pool.submit(() -> {
            System.out.println("close it");
            return 42;
        });
        assertThat(value(future)).isEqualTo(42);
        assertThat(pool.awaitTermination(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aConsumerThatWaitsForAnotherTask() throws Exception {
        AtomicReference<ProcessPoolExecutor> holder = new AtomicReference<>();
        try (ProcessPoolExecutor pool = quiet(1).output(WorkerOutput.lines(line -> lines.add(
                        line.substring(line.length() - 1) + value(holder.get().submit(() -> 7)))))
                .build()) {
            holder.set(pool);
            value(pool.submit(() -> {
                System.out.println("a");
                System.out.println("b");
                return 42;
            }));
            await().atMost(Limits.LONG).untilAsserted(() -> assertThat(lines).containsExactly("a7", "b7"));
        }
    }

    /** Prints more than a pipe takes, tells the outcome on the other stream, and ends. */
    static final class PrintsIntoAFullPipe {
        public static void main(String[] args) {
            try (ProcessPoolExecutor pool =
                    ProcessPoolExecutor.builder().workers(1).heapSize(64 << 20).build()) {
                System.err.println("the answer is " + value(pool.submit(() -> printMuch())));
                PoolFuture<Integer> endless = pool.submit(() -> Faults.sleepForEver());
                pool.submit(() -> 1);
                pool.killWorkers();
                System.err.println(endless.isDone() + " " + (pool.stats().linesDropped() > 0));
            }
            System.err.println("closed");
            System.exit(0);
        }
    }

    @Test
    void standardOutputThatNobodyReads() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintsIntoAFullPipe.class.getName())
                .start();
        assertThat(parent.waitFor(Limits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(new String(parent.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("the answer is 42\ntrue true\nclosed\n");
    }
}
