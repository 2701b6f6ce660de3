package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.procpool.BrokenPoolException;
import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.Signal;
import dev.procpool.WorkerCrashedException;
import dev.procpool.spark.SparkCluster.Ports;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The cluster to try things out with, and what an executor says when its cluster fails it. */
@Tag("spark")
@ExtendWith(LeakCheck.class)
class SparkClusterTest {
    @TempDir
    static Path temporary;

    private static Path folder;
    private static SparkCluster cluster;

    @BeforeAll
    @Timeout(200) // three JVMs, on a machine that may be busy with other things
    static void start() {
        folder = temporary.resolve("cluster");
        cluster = SparkCluster.start(folder, 1, 1);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
            assertThat(cluster.isAlive()).isFalse();
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void isFoundInItsFolder() throws Exception {
        SparkCluster found = SparkCluster.find(folder);
        assertThat(found.master()).isEqualTo(cluster.master());
        assertThat(found.processes()).isEqualTo(cluster.processes());
        assertThat(found.aliveWorkers()).isOne();
    }

    @Test
    void isAloneInItsFolder() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SparkCluster.start(folder, 1, 1))
                .withMessageContaining(folder.toString());
        assertThat(cluster.aliveWorkers()).isOne();
    }

    @Test
    void hasAtLeastOneWorkerWithOneCore() {
        assertThatIllegalArgumentException().isThrownBy(() -> SparkCluster.start(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> SparkCluster.start(1, 0));
    }

    @Test
    void takesOtherPortsWhereSomebodyWasFaster() throws Exception {
        Path other = Files.createDirectory(temporary.resolve("other"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Iterator<Ports> ports = List.of(
                            new Ports(port, Ports.free().console()),
                            new Ports(Ports.free().master(), port),
                            Ports.free())
                    .iterator();
            try (SparkCluster second = SparkCluster.start(other, 1, 1, new SparkCluster.Guard(other), ports::next)) {
                assertThat(ports).isExhausted();
                assertThat(second.aliveWorkers()).isOne();
                assertThat(second.processes()).hasSize(2).allMatch(ProcessHandle::isAlive);
            }
        }
        assertThat(other).doesNotExist();
    }

    /** Tells which processes it has started, and dies without a farewell. */
    static final class Dying {
        public static void main(String[] args) {
            SparkCluster cluster = SparkCluster.start(1, 1);
            cluster.processes().forEach(process -> System.out.print(process.pid() + " "));
            System.out.println();
            Runtime.getRuntime().halt(1);
        }
    }

    @Test
    void leavesNothingBehindWhenItsParentDies() throws Exception {
        Path tmp = Files.createDirectory(temporary.resolve("tmp"));
        Path errors = temporary.resolve("errors");
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + tmp,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dying.class.getName())
                .redirectError(errors.toFile())
                .start();
        String pids;
        try (BufferedReader out = parent.inputReader()) {
            pids = out.readLine();
        }
        assertThat(pids).as(Files.readString(errors)).isNotNull();
        List<ProcessHandle> orphans = Arrays.stream(pids.split(" "))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
        await().atMost(Limits.LONG).until(() -> orphans.stream().noneMatch(ProcessHandle::isAlive));
        await().atMost(Limits.LONG).untilAsserted(() -> assertThat(tmp).isEmptyDirectory());
    }

    private static JavaSparkContext context(String executorMemory) {
        return new JavaSparkContext(new SparkConf()
                .setMaster(cluster.master())
                .setAppName("test")
                .set("spark.executor.cores", "1")
                .set("spark.executor.memory", executorMemory)
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR"));
    }

    @Test
    void saysThatNoWorkerHasRoom() {
        try (JavaSparkContext context = context("8g")) {
            assertThatExceptionOfType(BrokenPoolException.class)
                    .isThrownBy(() -> SparkExecutor.builder()
                            .over(context)
                            .connectTimeout(Duration.ofSeconds(2))
                            .build())
                    .withMessageContaining(cluster.master())
                    .withMessageContaining("no free core, or less free memory than 8g")
                    .withMessageContaining("within 2.0 s (connectTimeout)");
        }
    }

    @Test
    @Timeout(300) // an executor may take long to start
    void failsWhatIsOpenWhenTheContextIsStopped() throws Exception {
        try (JavaSparkContext context = context("512m")) {
            SparkExecutor executor = SparkExecutor.builder()
                    .over(context)
                    .connectTimeout(Duration.ofSeconds(200))
                    .build();
            Signal started = Signal.in(temporary, "started");
            PoolFuture<Integer> running = executor.submit(() -> {
                started.raise();
                Thread.sleep(Long.MAX_VALUE);
                return 1;
            });
            PoolFuture<Integer> waiting = executor.submit(() -> 2);
            started.expect();
            context.stop();
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(running::join)
                    .withCauseInstanceOf(WorkerCrashedException.class);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(waiting::join)
                    .withCauseInstanceOf(BrokenPoolException.class)
                    .withMessageContaining("context was stopped");
            assertThatExceptionOfType(BrokenPoolException.class).isThrownBy(() -> executor.submit(() -> 3));
            executor.close();
            assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
        }
    }
}
