package dev.procpool.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorMapCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void mapGivesResultsInTheOrderOfTheCalls() {
        assertThat(run("--executor", "threads", "--workers", "2", "1", "0")).isZero();
        assertThat(results()).containsExactly("result 0: 10", "result 1: 0");
    }

    @Test
    void asCompletedGivesThemAsTheyEnd() {
        assertThat(run("--executor", "threads", "--workers", "2", "--as-completed", "1", "0"))
                .isZero();
        assertThat(results()).containsExactly("result 1: 0", "result 0: 10");
    }

    @ParameterizedTest
    @CsvSource({"-1", "3601", "soon"})
    void badSecondsAreNamed(String seconds) {
        assertThat(run("--executor", "threads", "--", seconds)).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("executor-map: SECONDS must be")
                .contains(seconds);
    }

    @Test
    void saysHowManyWorkersThereReallyAre() {
        assertThat(run("--executor", "sequential", "--workers", "7", "0")).isZero();
        assertThat(out.toString(UTF_8)).contains("1 tasks on 1 worker (sequential) loiter for 0s");
    }

    @Test
    void thereIsNoPoolWithoutWorkers() {
        assertThat(run("--workers", "0")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("--workers must be at least 1, but is 0");
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "executor-map";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Main.run(new Terminal(out, err), all);
    }

    /** The lines on results, without their times. */
    private List<String> results() {
        return out.toString(UTF_8)
                .lines()
                .filter(line -> line.contains("result"))
                .peek(line -> assertThat(line).matches("\\[\\d\\d:\\d\\d:\\d\\d] .*"))
                .map(line -> line.substring("[12:34:56] ".length()))
                .toList();
    }
}
