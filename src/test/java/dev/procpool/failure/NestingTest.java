package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.procpool.LeakCheck;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.TaskExecutor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pools inside of pools: some are meant to be, and those that would go on without end are stopped. */
@ExtendWith(LeakCheck.class)
class NestingTest {
    private static final String LIMIT = "procpool.maxDepth";

    @TempDir
    Path folder;

    @AfterEach
    void forgetLimit() {
        System.clearProperty(LIMIT);
    }

    /** Makes a pool whose task does the same, without end. */
    private static int nest(Signal levels, Map<String, String> environment, List<String> prefix) throws Exception {
        ProcessPoolExecutor.Builder builder = quiet(1).environment(environment);
        if (!prefix.isEmpty()) {
            builder.launchPrefix(prefix);
        }
        try (ProcessPoolExecutor pool = builder.build()) {
            levels.raise();
            return pool.submit(() -> nest(levels, environment, prefix)).get();
        }
    }

    /** The same by a JVM for each task. */
    private static int nestSpawned(Signal levels) throws Exception {
        try (TaskExecutor spawn = TaskExecutor.spawn(1)) {
            levels.raise();
            return spawn.submit(() -> nestSpawned(levels)).get();
        }
    }

    /** Whoever needs this class needs the result of a task that needs this class. */
    private static final class Bomb {
        private static final Path FOLDER = Path.of(System.getProperty("procpool.test.folder", "/"));
        static final int RESULT = explode();

        private static int explode() {
            try (ProcessPoolExecutor pool = quiet(1).build()) {
                Signal.in(FOLDER, "levels").raise();
                return pool.submit(Bomb::result).get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        static int result() {
            return RESULT;
        }
    }

    private static void expectLimit(Throwable thrown, int depth) {
        assertThat(thrown)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was not made: this JVM is a worker inside of " + depth + " pools")
                .hasMessageContaining("-Dprocpool.maxDepth=" + (depth + 1));
    }

    @Test
    void taskThatMakesThePoolThatItRunsIn() {
        Signal levels = Signal.in(folder, "levels");
        try (ProcessPoolExecutor pool = quiet(1).build()) {
            expectLimit(failure(pool.submit(() -> nest(levels, Map.of(), List.of())), Exception.class), 3);
        }
        assertThat(levels.count()).isEqualTo(2);
    }

    @Test
    void staticInitializerThatMakesAPoolWhoseTaskNeedsItsClass() {
        Signal levels = Signal.in(folder, "levels");
        try (ProcessPoolExecutor pool =
                quiet(1).jvmArgs("-Dprocpool.test.folder=" + folder).build()) {
            assertThat(failure(pool.submit(() -> Bomb.result()), Throwable.class))
                    .hasStackTraceContaining("this JVM is a worker inside of 3 pools");
        }
        assertThat(levels.count()).isEqualTo(2);
    }

    @Test
    void taskThatSpawnsItself() {
        Signal levels = Signal.in(folder, "levels");
        try (TaskExecutor spawn = TaskExecutor.spawn(1)) {
            expectLimit(failure(spawn.submit(() -> nestSpawned(levels)), Exception.class), 3);
        }
        assertThat(levels.count()).isEqualTo(2);
    }

    @Test
    void limitThatTheProgramHasSet() {
        System.setProperty(LIMIT, "2");
        Signal levels = Signal.in(folder, "levels");
        try (ProcessPoolExecutor pool = quiet(1).build()) {
            expectLimit(failure(pool.submit(() -> nest(levels, Map.of(), List.of())), Exception.class), 2);
        }
        assertThat(levels.count()).isEqualTo(1);
    }

    @Test
    void environmentOfTheWorkersDoesNotHideTheDepth() {
        Signal levels = Signal.in(folder, "levels");
        Map<String, String> environment = Map.of("PROCPOOL_WORKER", "", "OTHER", "x");
        try (ProcessPoolExecutor pool = quiet(1).environment(environment).build()) {
            expectLimit(failure(pool.submit(() -> nest(levels, environment, List.of())), Exception.class), 3);
        }
    }

    @Test
    void launchPrefixThatWipesTheEnvironmentDoesNotHideTheDepth() {
        Signal levels = Signal.in(folder, "levels");
        List<String> prefix = List.of("env", "-i");
        try (ProcessPoolExecutor pool = quiet(1).launchPrefix(prefix).build()) {
            expectLimit(failure(pool.submit(() -> nest(levels, Map.of(), prefix)), Exception.class), 3);
        }
    }

    @Test
    void limitThatIsNoNumber() {
        for (String limit : List.of("0", "-1", "many", "")) {
            System.setProperty(LIMIT, limit);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> quiet(1).build())
                    .withMessage("procpool.maxDepth must be a whole number of at least 1, but is \"" + limit + "\"");
        }
    }

    @Test
    void threePoolsInsideOfEachOtherWork() {
        try (ProcessPoolExecutor pool = quiet(1).build()) {
            assertThat(value(pool.submit(() -> {
                        try (ProcessPoolExecutor second = quiet(1).build()) {
                            return second.submit(() -> {
                                        try (ProcessPoolExecutor third = quiet(1).build()) {
                                            return third.submit(() -> 42).get();
                                        }
                                    })
                                    .get();
                        }
                    })))
                    .isEqualTo(42);
        }
    }
}
