package dev.procpool.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundsTest {
    @TempDir
    private Path scratch;

    private final List<String> progress = new ArrayList<>();
    private Rounds rounds;

    @BeforeEach
    void start() {
        rounds = new Rounds(scratch, progress::add);
    }

    @Test
    void collectWhatContestantsPrintLast() throws Exception {
        rounds.run(List.of(shell("a", "echo warm; echo '{\"rate\":[1,2]}'"), shell("b", "echo '{\"rate\":[3]}'")), 2);

        assertThat(rounds.broken()).isEmpty();
        assertThat(rounds.samples().byName())
                .isEqualTo(Map.of("rate/a", List.of(1.0, 2.0, 1.0, 2.0), "rate/b", List.of(3.0, 3.0)));
        assertThat(progress).hasSize(4).allMatch(line -> line.matches("round [12]/2, [12]/2: [ab]"));
    }

    @Test
    void timeWholeCommands() throws Exception {
        rounds.run(List.of(Contestant.timed("nap", "nap", "time", 3, List.of("sleep", "0.05"))), 1);

        assertThat(rounds.samples().byName().get("time/nap")).hasSize(3).allMatch(seconds -> seconds >= 0.05);
    }

    @Test
    void goOnWithoutThoseThatBreak() throws Exception {
        rounds.run(
                List.of(
                        shell("fails", "echo half a figure; echo out of luck >&2; exit 3"),
                        shell("mumbles", "echo '{\"rate\":'"),
                        shell("says nothing", ":"),
                        Contestant.measuringItself("is not there", "x", List.of("procpool-no-such-program")),
                        shell("works", "echo '{\"rate\":[4]}'")),
                1);

        assertThat(rounds.broken()).hasSize(4).contains("fails: exit code 3, out of luck");
        assertThat(rounds.samples().byName()).isEqualTo(Map.of("rate/works", List.of(4.0)));
        assertThat(scratch).isEmptyDirectory();
    }

    private static Contestant shell(String name, String script) {
        return Contestant.measuringItself(name, name, List.of("sh", "-c", script));
    }
}
