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

class JournalTest {
    private static final Environment HERE = LabFixtures.environment("some CPU");

    @TempDir
    Path folder;

    private final Parameters parameters = LabFixtures.parameters(1, Experiment.SCALING, Experiment.COSTS);
    private final List<Trial> plan = Plan.of(parameters, 2, true);

    @BeforeEach
    void measureTwo() {
        Journal journal = Journal.open(folder);
        journal.start(parameters, HERE);
        journal.add(LabFixtures.imagine(plan.get(0)));
        journal.add(LabFixtures.imagine(plan.get(1)));
    }

    private Path file() {
        return folder.resolve("journal.jsonl");
    }

    @Test
    void what_was_measured_is_there_when_it_is_opened_again() {
        Journal again = Journal.open(folder);
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

    @Test
    void a_line_that_was_cut_off_costs_only_itself() throws IOException {
        Files.writeString(file(), "{\"measurement\":{\"configur", StandardOpenOption.APPEND);
        Journal again = Journal.open(folder);
        assertThat(again.measurements()).hasSize(2);
        again.start(parameters, HERE);
        again.add(LabFixtures.imagine(plan.get(2)));
        assertThat(Journal.open(folder).measurements()).hasSize(3);
    }

    @Test
    void other_parameters_are_refused_and_named() {
        Journal again = Journal.open(folder);
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> again.start(LabFixtures.parameters(2, Experiment.SCALING, Experiment.COSTS), HERE))
                .withMessageContaining("seed: 1, not 2")
                .matches(LabException::isUsage);
    }

    @Test
    void another_machine_is_refused() {
        Journal again = Journal.open(folder);
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> again.start(parameters, LabFixtures.environment("another CPU")))
                .withMessageContaining("another machine");
    }

    @Test
    void a_file_that_is_no_journal_is_left_alone() throws IOException {
        Files.writeString(file(), "dear diary\n");
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> Journal.open(folder))
                .withMessageContaining("no journal");
        assertThat(file()).hasContent("dear diary");
    }

    @Test
    void a_folder_that_cannot_be_made_is_named() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> Journal.open(file().resolve("results")))
                .withMessageContaining("journal.jsonl/results")
                .matches(LabException::isUsage);
    }
}
