package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.procpool.soak.ConcurrentUse;
import dev.procpool.spark.SparkCluster;
import dev.procpool.spark.SparkExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract, for {@code SparkExecutor} on a cluster of two workers. */
@Tag("spark")
class SparkContractTest extends QueueingExecutorContract {
    private static SparkCluster cluster;
    private static JavaSparkContext context;

    /** One context for all tests, since a JVM can have only one: for the executors of two slots and of one. */
    @BeforeAll
    @Timeout(300) // which starts five JVMs, on a machine that may be busy with other things
    static void connect() {
        cluster = SparkCluster.start(2, 3);
        context = new JavaSparkContext(new SparkConf()
                .setMaster(cluster.master())
                .setAppName("contract")
                .set("spark.executor.cores", "1")
                .set("spark.cores.max", "3")
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.task.maxFailures", "1")
                .set("spark.scheduler.mode", "FAIR")
                .set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR"));
        awaitExecutors();
    }

    /** The first ones take long to start, on a busy machine longer than a test may wait. */
    private static void awaitExecutors() {
        try (TaskExecutor first = executor(1, Duration.ofSeconds(200))) {
            first.submit(Tasks::answer).join();
        }
    }

    @AfterAll
    static void disconnect() {
        if (context != null) {
            context.stop();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    TaskExecutor create(int workers) {
        return executor(workers, Duration.ofSeconds(100));
    }

    @Override
    ConcurrentUse.Load concurrentLoad() {
        return new ConcurrentUse.Load(10, 3, Limits.LONG);
    }

    private static TaskExecutor executor(int workers, Duration connectTimeout) {
        return SparkExecutor.builder()
                .over(context)
                .cores(workers)
                .connectTimeout(connectTimeout)
                .build();
    }

    // ---- what only processes can do

    @Test
    void aTaskThatHaltsItsExecutorCostsOnlyItself() throws Exception {
        List<PoolFuture<Integer>> others = new ArrayList<>();
        PoolFuture<Integer> halting = null;
        for (int i = 0; i < 40; i++) {
            others.add(executor.submit(Tasks::answer));
            if (i == 20) {
                halting = executor.submit(() -> {
                    Runtime.getRuntime().halt(3);
                    return 0;
                });
            }
        }
        assertThat(causeOf(halting))
                .isInstanceOfSatisfying(
                        WorkerCrashedException.class,
                        crash -> assertThat(crash.exitCode()).hasValue(3));
        for (PoolFuture<Integer> other : others) {
            assertThat(valueOf(other)).isEqualTo(42);
        }
    }

    @Test
    void stopsCodeThatIgnoresInterrupts() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> late =
                executor.with(TaskOptions.defaults().timeout(deadline())).submit(() -> raiseAndIgnoreInterrupts(beat));
        assertThat(causeOf(late)).isInstanceOf(TaskTimeoutException.class);
        await().atMost(Limits.LONG).pollInterval(Limits.SHORT).until(() -> {
            long before = beat.count();
            Thread.sleep(Limits.SHORT.toMillis());
            return beat.count() == before;
        });
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    private static Void raiseAndIgnoreInterrupts(Signal beat) {
        while (true) {
            beat.raise();
        }
    }

    @Test
    void losesNothingWhenAnExecutorIsKilled() throws Exception {
        TaskExecutor persistent = executor.with(TaskOptions.defaults().retries(3));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int n = i;
            futures.add(persistent.submit(() -> {
                Thread.sleep(10);
                return n;
            }));
        }
        valueOf(futures.get(10));
        long pid = futures.get(10).workerPid().orElseThrow();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        for (int i = 0; i < futures.size(); i++) {
            assertThat(valueOf(futures.get(i))).isEqualTo(i);
        }
    }

    /** One of two; the tests after this one do with the other. */
    @Test
    void losesNothingWhenAWorkerOfTheClusterIsKilled() throws Exception {
        TaskExecutor persistent = executor.with(TaskOptions.defaults().retries(3));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int n = i;
            futures.add(persistent.submit(() -> {
                Thread.sleep(10);
                return n;
            }));
        }
        valueOf(futures.get(10));
        cluster.processes().get(1).destroyForcibly();
        for (int i = 0; i < futures.size(); i++) {
            assertThat(valueOf(futures.get(i))).isEqualTo(i);
        }
    }

    @Test
    void saysWhatCanNotBeSent() {
        Thread thread = Thread.currentThread();
        assertThatThrownBy(() -> executor.submit(() -> thread.getName()))
                .isInstanceOf(TaskSerializationException.class)
                .hasMessageContaining("java.lang.Thread");
    }

    @Test
    void worksTogetherWithAnotherExecutor() {
        List<Integer> results = new ArrayList<>();
        try (TaskExecutor threads = TaskExecutor.threads(1)) {
            List<PoolFuture<Integer>> futures = List.of(executor.submit(Tasks::answer), threads.submit(Tasks::answer));
            Futures.asCompleted(futures).forEach(future -> results.add(future.join()));
        }
        assertThat(results).containsExactly(42, 42);
    }

    @Override
    boolean runsTasksHere() {
        return false;
    }
}
