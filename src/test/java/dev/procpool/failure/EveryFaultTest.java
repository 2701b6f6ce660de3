package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.SerializableCallable;
import dev.procpool.Signal;
import dev.procpool.TaskExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.TaskSerializationException.Stage;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault in each situation: the victim gets what it has to get, and nobody else notices. */
@ExtendWith(LeakCheck.class)
class EveryFaultTest {
    private static final int LARGE = 200 << 20;

    @TempDir
    Path folder;

    /** Can't be read back. */
    private static final class Unreadable implements SerializableCallable<Integer> {
        private Object readResolve() {
            throw new IllegalStateException("unreadable");
        }

        @Override
        public Integer call() {
            return 1;
        }
    }

    /** Can't be written. */
    private static final class Unwritable implements Serializable {
        private Object writeReplace() {
            throw new IllegalStateException("unwritable");
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
    enum Fault {
        EXCEPTION(pool -> pool.submit(() -> {
            throw new IllegalStateException("on purpose");
        })),
        STACK_OVERFLOW(pool -> pool.submit(EveryFaultTest::overflow)),
        OUT_OF_MEMORY(pool -> pool.submit(Faults::fillHeap)),
        HALT(pool -> pool.submit(() -> Faults.halt(17))),
        EXIT(pool -> pool.submit(() -> Faults.exit(17))),
        SIGKILL(pool -> pool.submit(() -> Faults.signalItself("KILL"))),
        FREEZE(pool -> pool.submit(() -> Faults.signalItself("STOP"))),
        GARBAGE_ON_THE_PIPE(pool -> pool.submit(() -> Faults.writeToPipe("garbage"))),
        DEADLINE(pool ->
                pool.with(TaskOptions.defaults().timeout(Limits.DEADLINE)).submit(Faults::sleepForEver)),
        CANCEL(pool -> pool.submit(Faults::sleepForEver)),
        TASK_DECODE(pool -> pool.submit(new Unreadable())),
        RESULT_ENCODE(pool -> pool.submit(() -> new Unwritable())),
        RESULT_DECODE(pool -> pool.submit(() -> new Unreadable()));

        private final Function<TaskExecutor, PoolFuture<?>> task;

        Fault(Function<TaskExecutor, PoolFuture<?>> task) {
            this.task = task;
        }

        PoolFuture<?> submit(TaskExecutor pool) {
            return task.apply(pool);
        }

        /** The future gets what the failure table says. */
        void expect(PoolFuture<?> future) {
            switch (this) {
                case EXCEPTION -> failure(future, IllegalStateException.class);
                case STACK_OVERFLOW -> failure(future, StackOverflowError.class);
                case OUT_OF_MEMORY -> {
                    Throwable thrown = failure(future, Throwable.class);
                    assertThat(thrown instanceof OutOfMemoryError || isCrash(thrown, Reason.OUT_OF_MEMORY))
                            .as("%s", thrown)
                            .isTrue();
                }
                case HALT, EXIT -> {
                    assertThat(isCrash(failure(future, WorkerCrashedException.class), Reason.EXIT))
                            .isTrue();
                    assertThat(failure(future, WorkerCrashedException.class).exitCode())
                            .hasValue(17);
                }
                case SIGKILL ->
                    assertThat(failure(future, WorkerCrashedException.class).signal())
                            .hasValue("SIGKILL");
                case FREEZE -> expectReason(future, Reason.UNRESPONSIVE);
                case GARBAGE_ON_THE_PIPE -> expectReason(future, Reason.PROTOCOL);
                case DEADLINE -> failure(future, TaskTimeoutException.class);
                case CANCEL -> {
                    org.awaitility.Awaitility.await()
                            .atMost(Limits.LONG)
                            .until(() -> future.status() == PoolFuture.Status.RUNNING);
                    assertThat(future.cancel(true)).isTrue();
                    failure(future, CancellationException.class);
                    Faults.awaitGone(future.workerPid().orElseThrow());
                }
                default ->
                    assertThat(failure(future, TaskSerializationException.class).stage())
                            .isEqualTo(Stage.valueOf(name()));
            }
        }

        private static void expectReason(PoolFuture<?> future, Reason reason) {
            assertThat(failure(future, WorkerCrashedException.class).reason()).isEqualTo(reason);
        }

        private static boolean isCrash(Throwable thrown, Reason reason) {
            return thrown instanceof WorkerCrashedException crash && crash.reason() == reason;
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int overflow() {
        return overflow() + 1;
    }

    enum Situation {
        IDLE,
        SATURATED,
        WINDOWS_FULL_OF_TINY_TASKS,
        LARGE_ARGUMENT_IN_FLIGHT,
        LARGE_RESULT_IN_FLIGHT,
        CALLBACK_THAT_SUBMITS,
        CALLBACK_THAT_THROWS,
        CALLBACK_THAT_SHUTS_DOWN,
        INSIDE_A_WORKER,
        ONE_TASK_PER_WORKER
    }

    /** By default every fault in an idle pool and in a third of the others; all pairs where tests are repeated. */
    static List<Arguments> everyFaultInEverySituation() {
        boolean all = Faults.repeated(1) > 1;
        List<Arguments> pairs = new ArrayList<>();
        int count = 0;
        for (Situation situation : Situation.values()) {
            for (Fault fault : Fault.values()) {
                if (all || situation == Situation.IDLE || count % 3 == 0) {
                    pairs.add(Arguments.of(fault, situation));
                }
                count++; // the number of faults is no multiple of three, so the pairs left out change
            }
        }
        return pairs;
    }

    /** Only who is to be taken for dead is so soon: collecting garbage on a busy machine can look like death, too. */
    private static ProcessPoolExecutor.Builder builder(Fault fault) {
        return fault == Fault.FREEZE ? quiet(2).heartbeatTimeout(Duration.ofSeconds(2)) : quiet(2);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void everyFaultInEverySituation(Fault fault, Situation situation) throws Exception {
        switch (situation) {
            case INSIDE_A_WORKER -> {
                String path = folder.toString();
                try (ProcessPoolExecutor outer = quiet(1).build()) {
                    assertThat(value(outer.submit(() -> idle(fault, Path.of(path)))))
                            .isEqualTo(fault);
                }
            }
            case ONE_TASK_PER_WORKER -> {
                try (ProcessPoolExecutor pool =
                        builder(fault).maxTasksPerWorker(1).build()) {
                    List<PoolFuture<Long>> pids = new ArrayList<>(List.of(pid(pool), pid(pool)));
                    PoolFuture<?> victim = fault.submit(pool);
                    pids.add(pid(pool));
                    fault.expect(victim);
                    assertThat(pids.stream().map(Faults::value)).doesNotHaveDuplicates();
                }
            }
            case LARGE_ARGUMENT_IN_FLIGHT, LARGE_RESULT_IN_FLIGHT -> {
                try (ProcessPoolExecutor pool =
                        builder(fault).heapSize(700L << 20).build()) {
                    large(fault, situation, pool);
                }
            }
            case IDLE -> idle(fault, folder);
            default -> {
                try (ProcessPoolExecutor pool = builder(fault).build()) {
                    among(fault, situation, pool);
                }
            }
        }
    }

    private static PoolFuture<Long> pid(ProcessPoolExecutor pool) {
        return pool.submit(() -> ProcessHandle.current().pid());
    }

    private static Fault idle(Fault fault, Path folder) {
        try (ProcessPoolExecutor pool = builder(fault).build()) {
            value(pool.submit(() -> 1));
            fault.expect(fault.submit(pool));
            Faults.expectFullStrength(pool, Signal.in(folder, "together"));
        }
        return fault;
    }

    private static void large(Fault fault, Situation situation, ProcessPoolExecutor pool) {
        byte[] large = new byte[LARGE];
        List<PoolFuture<Integer>> arguments = new ArrayList<>();
        List<PoolFuture<byte[]>> results = new ArrayList<>();
        PoolFuture<?> victim = null;
        for (int i = 0; i < 2; i++) {
            if (situation == Situation.LARGE_ARGUMENT_IN_FLIGHT) {
                arguments.add(pool.submit(() -> large.length));
            } else {
                results.add(pool.submit(() -> new byte[LARGE]));
            }
            victim = victim == null ? fault.submit(pool) : victim;
        }
        fault.expect(victim);
        arguments.forEach(future -> assertThat(value(future)).isEqualTo(LARGE));
        results.forEach(future -> assertThat(value(future)).hasSize(LARGE));
    }

    private void among(Fault fault, Situation situation, ProcessPoolExecutor pool) throws InterruptedException {
        boolean tiny = situation == Situation.WINDOWS_FULL_OF_TINY_TASKS;
        int count = tiny ? 1000 : 10;
        String starts = folder.resolve("starts").toString();
        List<PoolFuture<Integer>> others = new ArrayList<>();
        PoolFuture<?> victim = null;
        CompletableFuture<Integer> after = new CompletableFuture<>();
        for (int i = 0; i < count; i++) {
            int n = i;
            if (i == count / 2) {
                victim = fault.submit(pool);
                switch (situation) {
                    case CALLBACK_THAT_SUBMITS ->
                        victim.whenComplete((value, thrown) -> after.complete(value(pool.submit(() -> 42))));
                    case CALLBACK_THAT_THROWS -> {
                        CompletableFuture<?> failing = victim.handle((value, thrown) -> {
                            throw new LinkageError("on purpose");
                        });
                        failing.whenComplete((value, thrown) -> after.complete(42));
                    }
                    case CALLBACK_THAT_SHUTS_DOWN ->
                        victim.whenComplete((value, thrown) -> {
                            pool.shutdown();
                            after.complete(42);
                        });
                    default -> after.complete(42);
                }
            }
            others.add(pool.submit(() -> {
                if (!tiny) {
                    Thread.sleep(5);
                }
                return Starts.count(starts, n, false);
            }));
        }
        fault.expect(java.util.Objects.requireNonNull(victim));
        for (int i = 0; i < count; i++) {
            assertThat(value(others.get(i))).isEqualTo(i);
        }
        assertThat(Starts.of(starts, count)).as("how often each was started").containsOnly(1);
        assertThat(value(after)).isEqualTo(42);
        if (situation == Situation.CALLBACK_THAT_SHUTS_DOWN) {
            assertThat(pool.awaitTermination(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(catchThrowable(() -> pool.submit(() -> 1)))
                    .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        } else {
            Faults.expectFullStrength(pool, Signal.in(folder, "together"));
        }
    }
}
