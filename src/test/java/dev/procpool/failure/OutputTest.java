package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerOutput;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tasks print: whole lines, in order, none lost when the worker dies. */
@ExtendWith(LeakCheck.class)
class OutputTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private ProcessPoolExecutor pool(int workers) {
        return quiet(workers).name("out").output(WorkerOutput.lines(lines::add)).build();
    }

    private static void print(int count) {
        for (int i = 0; i < count; i++) {
            System.out.print("line ");
            System.out.println(i);
        }
    }

    @Test
    void linesAreThereBeforeTheFutureIsDone() {
        try (ProcessPoolExecutor pool = pool(1)) {
            for (int round = 0; round < 20; round++) {
                lines.clear();
                value(pool.submit(() -> {
                    print(10);
                    System.out.print("no end");
                }));
                assertThat(lines).hasSize(11).allMatch(line -> line.startsWith("[out-worker-1] "));
                assertThat(lines.get(10)).endsWith("] no end");
            }
        }
    }

    @Test
    void linesOfOneWorkerComeInOrder() {
        try (ProcessPoolExecutor pool = pool(1)) {
            value(pool.submit(() -> print(5000)));
            assertThat(lines)
                    .isEqualTo(IntStream.range(0, 5000)
                            .mapToObj(i -> "[out-worker-1] line " + i)
                            .toList());
        }
    }

    @Test
    void nothingIsLostAtACrash() {
        try (ProcessPoolExecutor pool = pool(1)) {
            PoolFuture<Integer> crash = pool.submit(() -> {
                print(1000);
                System.out.print("the last word");
                return Faults.halt(1);
            });
            failure(crash, WorkerCrashedException.class);
            assertThat(lines).hasSize(1001);
            assertThat(lines.get(1000)).endsWith("] the last word");
        }
    }

    @Test
    void captureIsForEachTask() {
        try (ProcessPoolExecutor pool = quiet(2).output(WorkerOutput.capture()).build()) {
            List<PoolFuture<Void>> futures = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int n = i;
                futures.add(pool.submit(() -> {
                    System.out.println("out " + n);
                    System.err.print("err " + n);
                }));
            }
            for (int i = 0; i < 200; i++) {
                value(futures.get(i));
                assertThat(futures.get(i).output()).isEqualTo("out " + i + "\nerr " + i);
            }
            PoolFuture<Integer> crash = pool.submit(() -> {
                System.out.println("just before");
                return Faults.halt(1);
            });
            assertThat(failure(crash, WorkerCrashedException.class))
                    .hasMessageContaining("output of the task")
                    .hasMessageContaining("just before");
            assertThat(crash.output()).isEqualTo("just before\n");
        }
    }

    @Test
    void nativeOutputHurtsNothing() {
        try (ProcessPoolExecutor pool = pool(1)) {
            value(pool.submit(() -> Faults.run("sh", "-c", "echo native; echo more >&2; printf unfinished")));
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            await().atMost(Limits.LONG)
                    .untilAsserted(() -> assertThat(lines).contains("[out-worker-1] native", "[out-worker-1] more"));
        }
    }

    @Test
    void taskThatReplacesOrClosesSystemOut() {
        try (ProcessPoolExecutor pool = pool(1)) {
            value(pool.submit(() -> System.setOut(new PrintStream(OutputStream.nullOutputStream()))));
            value(pool.submit(() -> System.out.println("still heard")));
            value(pool.submit(() -> {
                System.out.close();
                System.err.close();
            }));
            value(pool.submit(() -> System.out.println("and again")));
            assertThat(lines).containsExactly("[out-worker-1] still heard", "[out-worker-1] and again");
        }
    }

    /** Slow is not stuck: as long as lines are taken, it is the printing that waits, and none is dropped. */
    @Test
    void consumerThatIsSlowHoldsUpThePrintingAndLosesNothing() {
        int count = 20_000; // they don't fit into what may wait in the parent
        try (ProcessPoolExecutor pool = quiet(1).output(WorkerOutput.lines(line -> {
                    LockSupport.parkNanos(20_000);
                    lines.add(line);
                }))
                .name("out")
                .build()) {
            PoolFuture<Void> printing = pool.submit(() -> print(count));
            PoolFuture<Integer> next = pool.submit(() -> 42);
            value(printing);
            assertThat(value(next)).isEqualTo(42);
            assertThat(lines)
                    .isEqualTo(IntStream.range(0, count)
                            .mapToObj(i -> "[out-worker-1] line " + i)
                            .toList());
            assertThat(pool.stats().linesDropped()).isZero();
        }
    }

    @Test
    void standardInputIsEmptyForEveryTask() {
        try (ProcessPoolExecutor pool = pool(1)) {
            assertThat(value(pool.submit(() -> System.in.read()))).isEqualTo(-1);
            value(pool.submit(() -> {
                System.in.close();
                return 0;
            }));
            assertThat(value(pool.submit(() -> System.in.read()))).isEqualTo(-1);
            value(pool.submit(() -> System.setIn(null)));
            assertThat(value(pool.submit(() -> System.in.read()))).isEqualTo(-1);
        }
    }

    @Test
    void consumerThatThrows() {
        try (ProcessPoolExecutor pool = quiet(1).output(WorkerOutput.lines(line -> {
                    lines.add(line);
                    throw new IllegalStateException("on purpose");
                }))
                .build()) {
            value(pool.submit(() -> print(3)));
            assertThat(value(pool.submit(() -> 42))).isEqualTo(42);
            assertThat(lines).hasSize(3);
        }
    }
}
