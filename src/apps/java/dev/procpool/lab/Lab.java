package dev.procpool.lab;

import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Parameters;
import dev.procpool.lab.report.ReportWriter;
import dev.procpool.lab.report.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * A run of the lab: measures what the journal doesn't have yet, then writes the report of all there is. It ends early, but
 * always with a report, when its time is over, when a measurement fails, and when the JVM is told to end (Ctrl-C).
 */
public final class Lab {
    private static final long REPORT_SECONDS = 60;

    /** How long the measurement that is under way when the time is over may still take. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final LabOptions options;
    private final String command;
    private final Consumer<String> terminal;
    private final ProgressBarBuilder bar;
    private final ChildProcesses processes = new ChildProcesses();
    private final CountDownLatch over = new CountDownLatch(1);

    /**
     * A run that has not begun.
     *
     * @param options what to measure and how
     * @param command the command line, for the report
     * @param terminal takes lines for the user
     * @param bar shows the progress; it must leave Ctrl-C to the JVM
     */
    public Lab(LabOptions options, String command, Consumer<String> terminal, ProgressBarBuilder bar) {
        this.options = options;
        this.command = command;
        this.terminal = terminal;
        this.bar = bar;
    }

    /**
     * Measures and reports.
     *
     * @throws LabException if what was asked for can't be done, or a measurement failed; the report holds what was
     *     measured before
     */
    public void run() {
        Thread onExit = new Thread(this::stopAndWaitForTheReport, "lab-exit");
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            LabChecks.check(options.parameters());
            try (Journal journal = Journal.open(options.out())) {
                if (canReplay(journal)) {
                    report(journal, journal.measurements().size());
                } else {
                    measureAndReport(journal);
                }
            }
        } finally {
            over.countDown();
        }
    }

    private boolean canReplay(Journal journal) {
        return options.replayOnly()
                && journal.measurements().stream()
                        .anyMatch(measurement -> measurement.configuration().experiment() == Experiment.COSTS);
    }

    private void measureAndReport(Journal journal) {
        Environment environment = Environment.current();
        journal.start(options.parameters(), environment);
        List<Trial> plan = Plan.of(options.parameters(), environment.machine().cores(), environment.hasPython());
        try {
            measure(plan, journal);
        } catch (LabException e) {
            if (e.isWrongResult()) {
                journal.condemn(e.getMessage());
            }
            throw e;
        } finally {
            report(journal, plan.size());
        }
    }

    private void measure(List<Trial> plan, Journal journal) {
        List<Trial> open = plan.stream().filter(trial -> !journal.has(trial)).toList();
        if (open.size() < plan.size()) {
            terminal.accept(plan.size() - open.size() + " of " + plan.size() + " measurements are there already");
        }
        if (open.isEmpty()) {
            return;
        }
        Environment first = journal.environments().get(0);
        MeasuringJvm jvm = new MeasuringJvm(options, processes, first.spinsPerMicrosecond());
        ClassicCommand classic = new ClassicCommand(options, processes, Environment.pythonExecutable());
        long end = System.nanoTime() + options.timeLimit().toNanos();
        processes.endBy(end + GRACE.toNanos());
        try (ProgressBar progress =
                bar.setInitialMax(open.size()).setEtaFunction(this::timeLeft).build()) {
            for (Trial trial : open) {
                if (System.nanoTime() - end >= 0) {
                    return;
                }
                progress.setExtraMessage(trial.configuration().describe());
                Measurement measurement = trial.configuration().experiment() == Experiment.CLASSIC
                        ? classic.measure(trial)
                        : jvm.measure(trial);
                journal.add(measurement);
                progress.step();
            }
        } catch (InterruptedException e) {
            // What there is goes into the report.
            terminal.accept(e.getMessage());
        }
    }

    /** At the pace so far, but no longer than the time limit allows. */
    private Optional<Duration> timeLeft(ProgressState state) {
        if (state.getCurrent() <= state.getStart()) {
            return Optional.empty();
        }
        Duration elapsed = state.getElapsedAfterStart();
        Duration atThisPace = elapsed.multipliedBy(state.getMax() - state.getCurrent())
                .dividedBy(state.getCurrent() - state.getStart());
        Duration limit = options.timeLimit().minus(elapsed);
        Duration least = atThisPace.compareTo(limit) < 0 ? atThisPace : limit;
        return Optional.of(least.isNegative() ? Duration.ZERO : least);
    }

    private void report(Journal journal, int planned) {
        Parameters parameters = Objects.requireNonNull(journal.parameters());
        Run run = new Run(
                parameters, journal.environments(), journal.measurements(), planned, command, journal.voidBecause());
        try {
            List<String> verdict = ReportWriter.write(options.out(), run, options.simulateCores());
            verdict.forEach(terminal);
            if (run.voidBecause() == null && run.measurements().size() < planned) {
                terminal.accept(run.measurements().size() + " of " + planned
                        + " measurements were made; the same command with --out " + options.out()
                        + " goes on from here");
            }
            terminal.accept("report: " + options.out().resolve("report.html"));
        } catch (IOException e) {
            throw LabException.failed("--out " + options.out() + ": cannot write the report (" + e + ")");
        }
    }

    /** Runs while the JVM ends, which waits for it. */
    private void stopAndWaitForTheReport() {
        processes.stop();
        try {
            if (!over.await(REPORT_SECONDS, TimeUnit.SECONDS)) {
                terminal.accept("no time left for the report; the same command makes it from " + options.out());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
