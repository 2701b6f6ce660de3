package dev.procpool.lesson;

import static dev.procpool.Futures.asCompleted;
import static dev.procpool.PoolFuture.Status.FINISHED;
import static dev.procpool.PoolFuture.Status.PENDING;
import static dev.procpool.PoolFuture.Status.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a future is: each lesson with threads and with processes. */
class FutureLessonTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    static Collection<Named<IntFunction<TaskExecutor>>> executors() {
        return List.of(Named.of("threads", TaskExecutor::threads), Named.of("processes", ProcessPoolExecutor::create));
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aFutureIsPendingThenRunningThenFinished(IntFunction<TaskExecutor> create) throws Exception {
        String gate = gate("open");
        try (TaskExecutor oneWorker = create.apply(1)) {
            PoolFuture<String> first = oneWorker.submit(() -> passThrough(gate));
            PoolFuture<Integer> second = oneWorker.submit(() -> 6 * 7);

            await().atMost(LIMIT).until(() -> first.status() == RUNNING); // it waits at the gate
            assertThat(second.status()).isEqualTo(PENDING); // there is one worker, and it is busy
            assertThat(second).hasToString("<Future 2 state=pending>");

            open(gate);
            assertThat(first.get()).isEqualTo("passed");
            assertThat(first.status()).isEqualTo(FINISHED);
            assertThat(first).hasToString("<Future 1 state=finished returned String>");
            assertThat(second.get()).isEqualTo(42);
        }
    }

    @ParameterizedTest
    @MethodSource("executors")
    void aCallbackGetsTheResultAsSoonAsItIsThere(IntFunction<TaskExecutor> create) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (TaskExecutor executor = create.apply(2)) {
            CompletableFuture<Void> told =
                    executor.submit(() -> 6 * 7).thenAccept(result -> heard.add("result " + result));
            CompletableFuture<Integer> rescued = executor.submit(() -> Integer.parseInt("six"))
                    .whenComplete(
                            (result, failure) -> heard.add("failure " + (failure instanceof NumberFormatException)))
                    .exceptionally(failure -> -1);

            told.get();
            assertThat(rescued.get()).isEqualTo(-1);
            assertThat(heard).containsExactlyInAnyOrder("result 42", "failure true");
        }
    }

    @ParameterizedTest
    @MethodSource("executors")
    void getWaitsNoLongerThanAskedAndTheTaskRunsOn(IntFunction<TaskExecutor> create) throws Exception {
        String gate = gate("open");
        try (TaskExecutor executor = create.apply(1)) {
            PoolFuture<String> future = executor.submit(() -> passThrough(gate));

            assertThatThrownBy(() -> future.get(10, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(future).isNotDone();

            open(gate);
            assertThat(future.get()).isEqualTo("passed");
        }
    }

    @Test
    void asCompletedTakesFuturesOfDifferentExecutorsTogether() throws Exception {
        List<String> gates = List.of(gate("0"), gate("1"), gate("2"), gate("3"));
        try (TaskExecutor threads = TaskExecutor.threads(2);
                TaskExecutor processes = ProcessPoolExecutor.create(2)) {
            List<PoolFuture<String>> futures = List.of(
                    threads.submit(() -> passThrough(gates.get(0))),
                    processes.submit(() -> passThrough(gates.get(1))),
                    threads.submit(() -> passThrough(gates.get(2))),
                    processes.submit(() -> passThrough(gates.get(3))));

            List<Integer> toOpen = new ArrayList<>(Arrays.asList(3, 0, 1, 2));
            List<Integer> completed = new ArrayList<>();
            open(gates.get(toOpen.remove(0)));
            for (PoolFuture<String> future : asCompleted(futures, LIMIT)) {
                completed.add(futures.indexOf(future));
                if (!toOpen.isEmpty()) {
                    open(gates.get(toOpen.remove(0)));
                }
            }
            assertThat(completed).containsExactly(3, 0, 1, 2);
        }
    }

    private String gate(String name) {
        return folder.resolve(name).toString();
    }

    private static void open(String gate) throws Exception {
        Files.createFile(Path.of(gate));
    }

    /** The task: waits, in whatever process, until the gate is open. */
    private static String passThrough(String gate) throws InterruptedException {
        while (!Files.exists(Path.of(gate))) {
            Thread.sleep(2);
        }
        return "passed";
    }
}
