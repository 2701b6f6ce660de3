package dev.procpool.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    private static final Environment HERE = LabFixtures.environment("some CPU");

    @TempDir
    Path folder;

    private final Parameters parameters = LabFixtures.parameters(1, Experiment.SCALING, Experiment.COSTS);
    private final List<Trial> plan = Plan.of(parameters, 2, true);

    @BeforeEach
    void measureTwo() {
        try (Journal journal = Journal.open(folder)) {
            journal.start(parameters, HERE);
            journal.add(LabFixtures.imagine(plan.get(0)));
            journal.add(LabFixtures.imagine(plan.get(1)));
        }
    }

    private Path file() {
        return folder.resolve("journal.jsonl");
    }

    @Test
    void what_was_measured_is_there_when_it_is_opened_again() {
        try (Journal again = Journal.open(folder)) {
            again.start(parameters, HERE);
            assertThat(again.has(plan.get(0))).isTrue();
            assertThat(again.has(plan.get(1))).isTrue();
            assertThat(again.has(plan.get(2))).isFalse();
            assertThat(again.environments()).hasSize(2);
            Measurement written = LabFixtures.imagine(plan.get(0));
            Measurement read = again.measurements().get(0);
            assertThat(read.configuration()).isEqualTo(written.configuration());
            assertThat(read.values()).containsOnlyKeys(written.values().keySet());
            written.values()
                    .forEach((metric, values) -> assertThat(read.values(metric)).isEqualTo(values));
        }
    }

    @Test
    void a_line_that_was_cut_off_costs_only_itself() throws IOException {
        Files.writeString(file(), "{\"measurement\":{\"configur", StandardOpenOption.APPEND);
        try (Journal again = Journal.open(folder)) {
            assertThat(again.measurements()).hasSize(2);
            again.start(parameters, HERE);
            again.add(LabFixtures.imagine(plan.get(2)));
        }
        try (Journal third = Journal.open(folder)) {
            assertThat(third.measurements()).hasSize(3);
        }
    }

    @Test
    void other_parameters_are_refused_and_named() {
        Parameters others = LabFixtures.parameters(2, Experiment.SCALING, Experiment.COSTS);
        try (Journal again = Journal.open(folder)) {
            assertThatExceptionOfType(LabException.class)
                    .isThrownBy(() -> again.start(others, HERE))
                    .withMessageContaining("seed: 1, not 2")
                    .matches(LabException::isUsage);
        }
    }

    @Test
    void another_machine_is_refused() {
        try (Journal again = Journal.open(folder)) {
            assertThatExceptionOfType(LabException.class)
                    .isThrownBy(() -> again.start(parameters, LabFixtures.environment("another CPU")))
                    .withMessageContaining("another machine");
        }
    }

    @Test
    void a_void_run_stays_void() {
        try (Journal journal = Journal.open(folder)) {
            journal.condemn("a digest is wrong");
        }
        try (Journal again = Journal.open(folder)) {
            assertThat(again.voidBecause()).isEqualTo("a digest is wrong");
            assertThatExceptionOfType(LabException.class)
                    .isThrownBy(() -> again.start(parameters, HERE))
                    .withMessageContaining("holds a void run (a digest is wrong); choose another folder")
                    .matches(LabException::isUsage);
        }
    }

    @Test
    void two_runs_dont_write_into_one_folder() {
        try (Journal first = Journal.open(folder)) {
            assertThatExceptionOfType(LabException.class)
                    .isThrownBy(() -> Journal.open(folder))
                    .withMessageContaining("another run writes there")
                    .matches(LabException::isUsage);
            first.start(parameters, HERE);
        }
        try (Journal next = Journal.open(folder)) {
            assertThat(next.environments()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dear diary\n", "dear diary"})
    void a_file_that_is_no_journal_is_left_alone(String text) throws IOException {
        Files.writeString(file(), text);
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> Journal.open(folder))
                .withMessageContaining("no journal");
        assertThat(file()).content().isEqualTo(text);
    }

    @Test
    void a_folder_that_cannot_be_made_is_named() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> Journal.open(file().resolve("results")))
                .withMessageContaining("journal.jsonl/results")
                .matches(LabException::isUsage);
    }
}
