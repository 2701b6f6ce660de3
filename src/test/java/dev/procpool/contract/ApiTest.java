package dev.procpool.contract;

import static dev.procpool.Futures.ALL_COMPLETED;
import static dev.procpool.Futures.FIRST_COMPLETED;
import static dev.procpool.Futures.FIRST_EXCEPTION;
import static dev.procpool.Futures.asCompleted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.BrokenPoolException;
import dev.procpool.Codec;
import dev.procpool.Futures;
import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.PoolStats;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.RemoteTaskException;
import dev.procpool.SerializableCallable;
import dev.procpool.SerializableFunction;
import dev.procpool.SerializableRunnable;
import dev.procpool.Shared;
import dev.procpool.SharedBytes;
import dev.procpool.TaskExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerInfo;
import dev.procpool.WorkerOutput;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A program from outside that uses all that is promised to programs: names, types, and the ways to write a task. Whether
 * it compiles is most of the test: what breaks it breaks our users.
 */
@ExtendWith(LeakCheck.class)
class ApiTest {
    record Point(int x, String name) implements Serializable {}

    static final class Greeter implements Callable<String>, Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public String call() {
            return "hello";
        }
    }

    static final class Idler implements Runnable, Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public void run() {}
    }

    static final class Strange extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Object notSerializable = Thread.currentThread();

        @Override
        public String getMessage() {
            return "by " + notSerializable;
        }
    }

    static String hello() {
        return "hello";
    }

    static String risky() throws IOException {
        return Files.readString(Path.of("/no/such/file"));
    }

    static void idle() {}

    static int twice(int n) {
        return 2 * n;
    }

    /** The same text for every executor. */
    private static void program(TaskExecutor executor) throws Exception {
        String captured = "captured";
        int[] numbers = {1, 2};
        PoolFuture<String> value = executor.submit(() -> "a");
        PoolFuture<Integer> capturing = executor.submit(() -> captured.length() + numbers.length);
        PoolFuture<String> methodReference = executor.submit(ApiTest::hello);
        PoolFuture<Integer> bound = executor.submit(captured::length);
        PoolFuture<List<String>> generic = executor.submit(() -> List.of("a", "b"));
        PoolFuture<Integer> block = executor.submit(() -> {
            if (numbers.length == 0) {
                throw new IOException();
            }
            return 1;
        });
        SerializableCallable<Point> serializable = () -> new Point(1, captured);
        PoolFuture<Point> point = executor.submit(serializable);
        Callable<String> callable = new Greeter();
        PoolFuture<String> greeting = executor.submit(callable);
        assertThat(List.of(value.get(), methodReference.get(), greeting.get())).containsExactly("a", "hello", "hello");
        assertThat(List.of(capturing.join(), bound.join(), block.join())).containsExactly(10, 8, 1);
        assertThat(generic.get()).containsExactly("a", "b");
        assertThat(point.get()).isEqualTo(new Point(1, "captured"));

        PoolFuture<Void> nothing = executor.submit(() -> {});
        PoolFuture<Void> idle = executor.submit(ApiTest::idle);
        SerializableRunnable serializableRunnable = () -> {};
        PoolFuture<Void> runnable = executor.submit(serializableRunnable);
        Runnable plain = new Idler();
        PoolFuture<?> unknown = executor.submit(plain);
        PoolFuture<String> withResult = executor.submit(plain, "result");
        assertThat(nothing.get()).isNull();
        assertThat(idle.get()).isNull();
        assertThat(runnable.get()).isNull();
        assertThat(unknown.get()).isNull();
        assertThat(withResult.get()).isEqualTo("result");

        PoolFuture<String> failing = executor.submit(ApiTest::risky);
        var throwing = executor.submit(() -> {
            throw new IllegalStateException("x");
        });
        assertThatThrownBy(failing::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(throwing::join).hasCause(new IllegalStateException("x"));

        maps(executor);
        waits(executor);

        TaskExecutor view = executor.with(
                TaskOptions.defaults().timeout(Limits.LONG).retries(1).label("label"));
        PoolFuture<String> labelled = view.submit(() -> "v");
        CompletableFuture<Integer> length = labelled.thenApply(String::length);
        assertThat(length.get()).isEqualTo(1);
        assertThat(labelled.status()).isEqualTo(PoolFuture.Status.FINISHED);
        assertThat(labelled.taskId()).isPositive();
        assertThat(labelled.output()).isEmpty();
        OptionalLong pid = labelled.workerPid();
        assertThat(pid.isPresent()).isEqualTo(executor instanceof ProcessPoolExecutor || isSpawn(executor));
        assertThat(labelled).hasToString("<Future " + labelled.taskId() + " \"label\" state=finished returned String>");
        assertThat(executor.parallelism()).isPositive();
        List<Future<String>> all = executor.invokeAll(List.of(new Greeter(), new Greeter()));
        assertThat(all).allMatch(Future::isDone);
        assertThat(executor.<String>invokeAny(List.of(new Greeter()))).isEqualTo("hello");
    }

    private static boolean isSpawn(TaskExecutor executor) {
        return executor.toString().contains("spawn");
    }

    private static void maps(TaskExecutor executor) {
        Stream<Integer> squares = executor.map(n -> n * n, List.of(1, 2, 3));
        assertThat(squares).containsExactly(1, 4, 9);
        assertThat(executor.map(ApiTest::twice, Set.of(4)).toList()).containsExactly(8);
        assertThat(executor.map(String::length, List.of("a", "bb"))
                        .mapToInt(n -> n)
                        .sum())
                .isEqualTo(3);
        SerializableFunction<Number, String> general = n -> "n" + n;
        Stream<Object> objects = executor.map(general, List.of(1));
        assertThat(objects).containsExactly("n1");
        MapOptions options =
                MapOptions.defaults().chunkSize(1).bufferSize(4).unordered().timeout(Limits.LONG);
        assertThat(executor.map((Integer n) -> n + 1, List.of(1, 2), options)).containsExactlyInAnyOrder(2, 3);
        Iterable<Integer> endless = () -> IntStream.iterate(0, n -> n + 1).iterator();
        try (Stream<Integer> results = executor.map(n -> n + 1, endless)) {
            assertThat(results.limit(3)).containsExactly(1, 2, 3);
        }
    }

    private static void waits(TaskExecutor executor) throws Exception {
        List<PoolFuture<String>> two = List.of(executor.submit(() -> "1"), executor.submit(() -> "2"));
        List<String> seen = new ArrayList<>();
        for (PoolFuture<String> future : asCompleted(two, Limits.LONG)) {
            seen.add(future.get());
        }
        assertThat(seen).containsExactlyInAnyOrder("1", "2");
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<Integer> dependent = two.get(0).thenApply(String::length);
        Set<CompletableFuture<?>> mixed = new LinkedHashSet<>(List.of(never, dependent));
        for (CompletableFuture<?> future : asCompleted(mixed)) {
            assertThat(future).isSameAs(dependent);
            break;
        }
        var first = Futures.await(mixed, FIRST_COMPLETED, Limits.LONG);
        Set<CompletableFuture<?>> done = first.done();
        Set<CompletableFuture<?>> notDone = first.notDone();
        assertThat(done).containsExactly(dependent);
        assertThat(notDone).containsExactly(never);
        assertThat(Futures.await(mixed, FIRST_EXCEPTION, Duration.ZERO).notDone())
                .containsExactly(never);
        assertThat(Futures.await(two, ALL_COMPLETED).notDone()).isEmpty();
    }

    @Test
    void one_program_for_every_executor() throws Exception {
        List<TaskExecutor> all = new ArrayList<>(List.of(
                ProcessPoolExecutor.create(),
                ProcessPoolExecutor.create(2),
                TaskExecutor.threads(2),
                TaskExecutor.forkJoin(2),
                TaskExecutor.sequential(),
                TaskExecutor.spawn(2),
                TaskExecutor.over(Executors.newSingleThreadScheduledExecutor()),
                TaskExecutor.over(Executors.newWorkStealingPool())));
        if (Runtime.version().feature() >= 21) {
            all.add(TaskExecutor.virtualThreads());
        }
        for (TaskExecutor executor : all) {
            try (executor) {
                program(executor);
            }
        }
    }

    @Test
    void virtual_threads_need_java_21() {
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(TaskExecutor::virtualThreads)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("Java 21");
        }
    }

    @Test
    void every_option_of_the_builder() throws Exception {
        List<String> lines = new ArrayList<>();
        String[] classPath = System.getProperty("java.class.path").split(java.io.File.pathSeparator);
        ProcessPoolExecutor.Builder builder = ProcessPoolExecutor.builder()
                .workers(2)
                .minWorkers(1)
                .idleTimeout(Limits.LONG)
                .initializer(() -> System.setProperty("initialized", "yes"))
                .maxTasksPerWorker(100)
                .maxWorkerMemory(1L << 30)
                .heapSize(64 << 20)
                .jvmArgs("-Xss1m", "-Done=1")
                .environment(Map.of("TWO", "2"))
                .workingDirectory(Path.of("/"))
                .classPath(classPath)
                .javaHome(Path.of(System.getProperty("java.home")))
                .launchPrefix("nice", "-n", "1")
                .queueCapacity(10)
                .taskTimeout(Limits.LONG)
                .startTimeout(Limits.LONG)
                .heartbeatTimeout(Limits.LONG)
                .output(WorkerOutput.inherit())
                .output(WorkerOutput.discard())
                .output(WorkerOutput.lines(lines::add))
                .output(WorkerOutput.capture())
                .resultFilter(ObjectInputFilter.Config.createFilter("java.**"))
                .codec(Codec.javaSerialization())
                .name("a-pool");
        try (ProcessPoolExecutor pool = builder.build()) {
            PoolFuture<String> told = pool.submit(() -> {
                System.out.println("printed");
                return System.getProperty("initialized")
                        + System.getProperty("one")
                        + System.getenv("TWO")
                        + Path.of("").toAbsolutePath();
            });
            assertThat(told.get()).isEqualTo("yes12/");
            assertThat(told.output()).isEqualTo("printed\n");
            assertThat(pool.toString()).startsWith("a-pool[");
        }
    }

    @Test
    void what_a_pool_tells_and_shares() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1);
                Shared<Map<String, Integer>> shared = pool.share(Map.of("a", 1));
                SharedBytes bytes = pool.shareBytes(new byte[] {7});
                SharedBytes file = pool.shareBytes(Path.of("pom.xml"))) {
            PoolFuture<Integer> sum = pool.submit(() -> shared.get().get("a")
                    + bytes.buffer().get(0)
                    + file.buffer().get(0));
            assertThat(sum.get()).isEqualTo(8 + '<');
            ByteBuffer here = bytes.buffer();
            assertThat(here.isReadOnly()).isTrue();

            List<WorkerInfo> workers = pool.workers();
            WorkerInfo worker = workers.get(0);
            int id = worker.id();
            long pid = worker.pid();
            WorkerInfo.State state = worker.state();
            long tasksDone = worker.tasksDone();
            Optional<String> currentTask = worker.currentTask();
            Optional<Duration> runningFor = worker.runningFor();
            OptionalLong rss = worker.rss();
            long heap = worker.heap();
            assertThat(id).isEqualTo(1);
            assertThat(sum.workerPid()).hasValue(pid);
            assertThat(state).isEqualTo(WorkerInfo.State.IDLE);
            assertThat(tasksDone).isEqualTo(1);
            assertThat(currentTask).isEmpty();
            assertThat(runningFor).isEmpty();
            assertThat(rss.orElseThrow()).isPositive();
            assertThat(heap).isNotNegative();

            PoolStats stats = pool.stats();
            assertThat(stats).isEqualTo(new PoolStats(1, 1, 0, 0, 0, 1, 0, 0));
            assertThat(List.of(stats.submitted(), stats.completed(), stats.workersStarted()))
                    .containsOnly(1L);
            assertThat(List.of(
                            stats.failed(),
                            stats.cancelled(),
                            stats.retried(),
                            stats.workersCrashed(),
                            stats.workersRecycled()))
                    .containsOnly(0L);
            pool.resize(2);
            assertThat(pool.parallelism()).isEqualTo(2);
            pool.terminateWorkers();
            pool.killWorkers();
            assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void what_exceptions_tell() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.builder()
                .workers(1)
                .output(WorkerOutput.discard())
                .build()) {
            WorkerCrashedException crash = cause(WorkerCrashedException.class, pool.submit(() -> System.exit(3)));
            WorkerCrashedException.Reason reason = crash.reason();
            OptionalInt exitCode = crash.exitCode();
            Optional<String> signal = crash.signal();
            Optional<Path> errorFile = crash.errorFile();
            String stderrTail = crash.stderrTail();
            assertThat(reason).isEqualTo(WorkerCrashedException.Reason.EXIT);
            assertThat(exitCode).hasValue(3);
            assertThat(signal).isEmpty();
            assertThat(errorFile).isEmpty();
            assertThat(stderrTail).isEmpty();
            assertThat(crash.pid()).isPositive();

            TaskOptions late = TaskOptions.defaults().timeout(Limits.DEADLINE);
            PoolFuture<Object> endless = pool.with(late).submit(() -> {
                while (true) {
                    Thread.onSpinWait();
                }
            });
            assertThat(cause(TaskTimeoutException.class, endless).timeout()).isEqualTo(Limits.DEADLINE);

            Object secret = new Object();
            assertThatThrownBy(() -> pool.submit(() -> secret.hashCode()))
                    .isInstanceOfSatisfying(
                            TaskSerializationException.class,
                            e -> assertThat(e.stage()).isEqualTo(TaskSerializationException.Stage.TASK_ENCODE));

            PoolFuture<Void> strange = pool.submit(() -> {
                throw new Strange();
            });
            RemoteTaskException remote = cause(RemoteTaskException.class, strange);
            assertThat(remote.remoteClassName()).isEqualTo(Strange.class.getName());
            assertThat(remote.remoteStackTrace()).contains("ApiTest.java");
        }
        try (ProcessPoolExecutor broken = ProcessPoolExecutor.builder()
                .workers(1)
                .jvmArgs("-XX:+NoSuchFlag")
                .output(WorkerOutput.discard())
                .build()) {
            RejectedExecutionException refusal = cause(BrokenPoolException.class, broken.submit(() -> 1));
            assertThat(refusal).hasMessageContaining("NoSuchFlag");
        }
        assertThat(WorkerCrashedException.Reason.values())
                .extracting(Enum::name)
                .containsExactly("EXIT", "SIGNAL", "OUT_OF_MEMORY", "UNRESPONSIVE", "PROTOCOL");
        assertThat(PoolFuture.Status.values())
                .extracting(Enum::name)
                .containsExactly("PENDING", "RUNNING", "FINISHED", "CANCELLED");
        assertThat(TaskSerializationException.Stage.values())
                .extracting(Enum::name)
                .containsExactly("TASK_ENCODE", "TASK_DECODE", "RESULT_ENCODE", "RESULT_DECODE");
    }

    private static <E extends Throwable> E cause(Class<E> type, PoolFuture<?> future) throws InterruptedException {
        try {
            throw new AssertionError("returned " + future.get());
        } catch (ExecutionException e) {
            return type.cast(e.getCause());
        }
    }
}
