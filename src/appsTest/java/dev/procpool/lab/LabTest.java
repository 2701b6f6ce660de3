package dev.procpool.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Parameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs, of jobs that do next to nothing. */
class LabTest {
    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private final List<String> shown = new CopyOnWriteArrayList<>();

    private void run(Class<?> job, List<String> executors, Duration timeLimit) {
        Parameters parameters = new Parameters(
                EnumSet.of(Experiment.SCALING),
                List.of(job.getName()),
                new TreeSet<>(List.of(1)),
                executors,
                "bc",
                3,
                null,
                1,
                1,
                true,
                1,
                job.getName(),
                List.of());
        ProgressBarBuilder bar = new ProgressBarBuilder().setConsumer(new DelegatingProgressBarConsumer(shown::add));
        LabOptions options =
                new LabOptions(parameters, folder, timeLimit, Duration.ofMinutes(1), List.of(64), List::of, false);
        new Lab(options, "bin/scaling", said::add, bar).run();
    }

    @Test
    void a_users_job_is_measured_and_a_finished_run_is_not_measured_again() throws Exception {
        run(BadJobs.Fine.class, List.of("threads", "processes"), Duration.ofMinutes(5));
        assertThat(folder.resolve("report.html")).exists();
        assertThat(shown).last().asString().contains("100%", "2/2");
        assertThat(folder.resolve("data.csv"))
                .content()
                .contains("BadJobs$Fine,processes,1,3,0,,0,batch,s,")
                .contains("BadJobs$Fine,processes,1,3,0,,0,ends,s,")
                .contains("BadJobs$Fine,processes,1,3,0,,0,submit,s,");
        int lines = Files.readAllLines(folder.resolve("journal.jsonl")).size();

        said.clear();
        run(BadJobs.Fine.class, List.of("threads", "processes"), Duration.ofMinutes(5));
        assertThat(said).first().isEqualTo("2 of 2 measurements are there already");
        assertThat(Files.readAllLines(folder.resolve("journal.jsonl"))).hasSize(lines + 1);
    }

    @Test
    void a_run_whose_time_is_over_reports_and_goes_on_later() {
        run(BadJobs.Fine.class, List.of("threads"), Duration.ZERO);
        assertThat(said).anyMatch(line -> line.startsWith("0 of 1 measurements were made"));
        said.clear();
        run(BadJobs.Fine.class, List.of("threads"), Duration.ofMinutes(5));
        assertThat(said).noneMatch(line -> line.contains("measurements were made"));
    }

    @Test
    void a_job_that_throws_is_named_with_what_it_threw() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> run(BadJobs.Throwing.class, List.of("processes"), Duration.ofMinutes(5)))
                .withMessageContaining("BadJobs$Throwing on processes with 1 worker failed")
                .withMessageContaining("no luck today")
                .matches(e -> !e.isUsage());
        assertThat(folder.resolve("report.md")).exists();
    }

    @Test
    void a_job_that_takes_the_measuring_jvm_with_it_is_named_with_the_exit_code() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> run(BadJobs.Halting.class, List.of("threads"), Duration.ofMinutes(5)))
                .withMessageContaining("exit code 7");
        assertThat(folder.resolve("report.md")).exists();
    }

    @Test
    void a_job_that_cannot_be_made_is_refused_before_anything_is_measured() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> run(BadJobs.Unmakable.class, List.of("threads"), Duration.ofMinutes(5)))
                .withMessageContaining("no public constructor without parameters")
                .matches(LabException::isUsage);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_class_that_is_no_job_is_refused() {
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> run(String.class, List.of("threads"), Duration.ofMinutes(5)))
                .withMessageContaining("is no dev.procpool.SerializableCallable")
                .matches(LabException::isUsage);
    }
}
