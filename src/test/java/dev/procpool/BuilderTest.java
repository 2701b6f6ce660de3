package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad values are refused where they are given, in words that name the option, the value and the range. */
@ExtendWith(LeakCheck.class)
class BuilderTest {
    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    record Bad(String message, Consumer<ProcessPoolExecutor.Builder> use) {
        @Override
        public String toString() {
            return message;
        }
    }

    private static Bad bad(String message, Consumer<ProcessPoolExecutor.Builder> use) {
        return new Bad(message, use);
    }

    @SuppressWarnings("NullAway") // what a caller without NullAway may do
    static Stream<Bad> badValues() {
        List<Bad> all = new ArrayList<>(List.of(
                bad("workers must be between 1 and 4096, but is 0", b -> b.workers(0)),
                bad("workers must be between 1 and 4096, but is 4097", b -> b.workers(4097)),
                bad("workers must be between 1 and 4096, but is -2147483648", b -> b.workers(Integer.MIN_VALUE)),
                bad("minWorkers must be between 0 and 4096, but is -1", b -> b.minWorkers(-1)),
                bad(
                        "minWorkers must be at most workers, 1, but is 2",
                        b -> b.workers(1).minWorkers(2).build()),
                bad("initializer must not be null", b -> b.initializer(null)),
                bad("maxTasksPerWorker must be at least 1, but is 0", b -> b.maxTasksPerWorker(0)),
                bad("maxWorkerMemory must be at least 8388608, but is 1", b -> b.maxWorkerMemory(1)),
                bad("heapSize must be at least 8388608, but is -1", b -> b.heapSize(-1)),
                bad("queueCapacity must be at least 1, but is 0", b -> b.queueCapacity(0)),
                bad("jvmArgs must not be null", b -> b.jvmArgs((String[]) null)),
                bad("jvmArgs must not be null", b -> b.jvmArgs((List<String>) null)),
                bad(
                        "jvmArgs must hold words of at least 1 characters and without NUL, but one is \"a\\u0000\"",
                        b -> b.jvmArgs("-Dx=y", "a\0")),
                bad(
                        "jvmArgs must hold words of at least 1 characters and without NUL, but one is null",
                        b -> b.jvmArgs("-Dx=y", null)),
                bad(
                        "launchPrefix must hold words of at least 1 characters and without NUL, but one is \"\"",
                        b -> b.launchPrefix("")),
                bad("environment must not be null", b -> b.environment(null)),
                bad(
                        "environment must have names of at least 1 character without '=' and NUL, but one is \"A=B\"",
                        b -> b.environment(Map.of("A=B", ""))),
                bad(
                        "environment must have values without NUL, but that of A is null",
                        b -> b.environment(Collections.singletonMap("A", null))),
                bad("workingDirectory must not be null", b -> b.workingDirectory(null)),
                bad(
                        "workingDirectory must be an existing folder, but is pom.xml",
                        b -> b.workingDirectory(Path.of("pom.xml"))),
                bad("classPath must have at least 1 entry, but is []", b -> b.classPath(List.of())),
                bad("classPath must not be null", b -> b.classPath((Path) null)),
                bad("javaHome must not be null", b -> b.javaHome(null)),
                bad("output must not be null", b -> b.output(null)),
                bad("consumer must not be null", b -> b.output(WorkerOutput.lines(null))),
                bad("resultFilter must not be null", b -> b.resultFilter(null)),
                bad("codec must not be null", b -> b.codec(null)),
                bad("name must be one line of text, not blank, but is \" \"", b -> b.name(" ")),
                bad("name must be one line of text, not blank, but is \"a\\u000ab\"", b -> b.name("a\nb")),
                bad("label must not be null", b -> TaskOptions.defaults().label(null)),
                bad(
                        "retries must be at least 0, but is -1",
                        b -> TaskOptions.defaults().retries(-1)),
                bad(
                        "chunkSize must be at least 1, but is 0",
                        b -> MapOptions.defaults().chunkSize(0)),
                bad(
                        "bufferSize must be at least 1, but is 0",
                        b -> MapOptions.defaults().bufferSize(0))));
        Map<String, Function<ProcessPoolExecutor.Builder, Consumer<Duration>>> durations = Map.of(
                "idleTimeout", b -> b::idleTimeout,
                "taskTimeout", b -> b::taskTimeout,
                "startTimeout", b -> b::startTimeout,
                "heartbeatTimeout", b -> b::heartbeatTimeout,
                "timeout", b -> value -> MapOptions.defaults().timeout(value));
        durations.forEach((option, method) -> {
            for (Duration value : Arrays.asList(null, Duration.ZERO, Duration.ofNanos(-1), LONGEST.negated())) {
                all.add(bad(
                        option + " must be longer than zero, but is " + value,
                        b -> method.apply(b).accept(value)));
            }
        });
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void is_refused(Bad bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bad.use.accept(ProcessPoolExecutor.builder()))
                .withMessage(bad.message);
    }

    @Test
    void durations_of_billions_of_years_are_no_limit() throws Exception {
        ProcessPoolExecutor.Builder builder = ProcessPoolExecutor.builder()
                .workers(1)
                .idleTimeout(LONGEST)
                .taskTimeout(LONGEST)
                .startTimeout(LONGEST)
                .heartbeatTimeout(LONGEST);
        try (ProcessPoolExecutor pool = builder.build()) {
            assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
            MapOptions options = MapOptions.defaults().timeout(LONGEST);
            assertThat(pool.map(n -> n, List.of(2), options)).containsExactly(2);
        }
    }

    @Test
    void an_initializer_that_no_worker_can_get_leaves_no_pool() throws Exception {
        Object notSerializable = new Object();
        ProcessPoolExecutor.Builder builder =
                ProcessPoolExecutor.builder().workers(1).initializer(() -> System.out.println(notSerializable));
        long before = controlBlocks();
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(TaskSerializationException.class)
                    .isThrownBy(builder::build)
                    .withMessageContaining("java.lang.Object");
        }
        await().atMost(Limits.LONG)
                .untilAsserted(() -> assertThat(controlBlocks()).isEqualTo(before));
    }

    /** Open files of ours; they have no name any more. */
    private static long controlBlocks() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all) {
                count += isOurs(descriptor) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean isOurs(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("procpool-");
        } catch (NoSuchFileException e) {
            return false; // closed meanwhile
        }
    }
}
