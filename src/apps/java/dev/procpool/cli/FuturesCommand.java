package dev.procpool.cli;

import dev.procpool.Futures;
import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import dev.procpool.jobs.CryptoProvider;
import dev.procpool.jobs.ExecutorKind;
import dev.procpool.jobs.FileName;
import java.math.BigInteger;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What {@code arcfour-futures} and {@code sha-futures} share: the options, the choice of executor, and the loop that
 * submits jobs and takes their results as they complete.
 */
abstract class FuturesCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MAX_SIZE = 1 << 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Option(names = "--jobs", paramLabel = "N", description = "jobs of the classic run (default: ${DEFAULT-VALUE})")
    int jobs = 12;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            description = "average size of a job of the classic run (default: ${DEFAULT-VALUE})")
    int size;

    @Option(
            names = "--provider",
            description =
                    "whose implementation: ${COMPLETION-CANDIDATES} (default: bc for the classic run, jdk for FILEs)")
    @Nullable CryptoProvider provider;

    @Option(
            names = "--executor",
            description = "where the jobs run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    ExecutorKind executorKind = ExecutorKind.PROCESSES;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark master for --executor spark (default: a cluster of its own)")
    @Nullable String master;

    @Option(names = "--seed", paramLabel = "N", description = "makes the random data of the classic run repeatable")
    long seed = System.nanoTime();

    @Option(names = "--progress", description = "show a progress bar on standard error")
    boolean progress;

    @Option(names = "--json", description = "print one JSON object in place of lines")
    boolean json;

    @Parameters(
            arity = "0..*",
            paramLabel = "[WORKERS] [FILE...]",
            hideParamSyntax = true,
            description = {
                "WORKERS: how many jobs run at the same time, if the first of these is a whole number"
                        + " (default: the available processors). A file of such a name is ./4.",
                "FILE: work on these files, and on those in these directories, in place of the classic run."
            })
    List<String> operands = new ArrayList<>();

    private final Terminal terminal;
    private final Map<String, Object> report = new LinkedHashMap<>();
    private boolean failed;

    FuturesCommand(Terminal terminal, int defaultSize) {
        this.terminal = terminal;
        this.size = defaultSize;
    }

    @Override
    public final Integer call() {
        long start = System.nanoTime();
        int workers = workers();
        boolean classic = operands.isEmpty();
        if (jobs < 1) {
            throw usage("--jobs must be at least 1, but is " + jobs);
        }
        if (size < 1 || size > MAX_SIZE) {
            throw usage("--size must be between 1 and " + MAX_SIZE + ", but is " + size);
        }
        CryptoProvider chosen = provider != null ? provider : classic ? CryptoProvider.BC : CryptoProvider.JDK;
        check(chosen, classic);
        try (TaskExecutor executor = createExecutor(workers)) {
            report("command", spec.name());
            report("workers", executor.parallelism());
            report("executor", executorKind.toString());
            report("provider", chosen.toString());
            if (classic) {
                report("seed", seed);
                runClassic(executor, chosen);
            } else {
                runFiles(executor, chosen, operands.stream().map(FileName::of).toList());
            }
            finish(executor.parallelism(), System.nanoTime() - start, classic);
        }
        return failed ? FAILED : 0;
    }

    /** Checks the options of the subclass before anything starts. */
    abstract void check(CryptoProvider provider, boolean classic);

    /** Runs the jobs on random data. */
    abstract void runClassic(TaskExecutor executor, CryptoProvider provider);

    /** Runs the jobs on the files that these operands mean. */
    abstract void runFiles(TaskExecutor executor, CryptoProvider provider, List<FileName> names);

    /** As each of {@code futures} completes, hands its key and its outcome on. */
    final <K, T> void takeEach(Map<PoolFuture<T>, K> futures, BiConsumer<K, Outcome<T>> completed) {
        Iterable<PoolFuture<T>> inOrderOfCompletion = Futures.asCompleted(futures.keySet());
        for (PoolFuture<T> future : progress ? withBar(inOrderOfCompletion, futures.size()) : inOrderOfCompletion) {
            completed.accept(futures.get(future), outcome(future));
            terminal.flush();
        }
    }

    /** The file as tasks have to name it: an executor of a cluster works in a folder of its own. */
    final FileName forTasks(FileName name) {
        return executorKind == ExecutorKind.SPARK ? name.absolute() : name;
    }

    private static <T> Outcome<T> outcome(PoolFuture<T> future) {
        try {
            return new Outcome.Done<>(future.join());
        } catch (CompletionException | CancellationException e) {
            Shutdown.joinIfInProgress();
            return new Outcome.Failed<>(Failures.describe(e));
        }
    }

    private <T> Iterable<T> withBar(Iterable<T> futures, int count) {
        return ProgressBar.wrap(futures, Bars.bar(spec.name(), count));
    }

    /** Prints a line of the result, unless it goes into the JSON object. */
    final void print(String line) {
        if (!json) {
            if (progress && Interactive.terminal()) {
                terminal.status(""); // in place of the bar, which is drawn again below
            }
            terminal.print(line);
        }
    }

    /** Puts a value into the JSON object. */
    final void report(String key, Object value) {
        report.put(key, value);
    }

    /** Says in one line on standard error that a part of the work failed, which the exit code will show. */
    final void fail(String message) {
        failed = true;
        terminal.error(spec.name() + ": " + message);
    }

    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void finish(int workers, long nanos, boolean classic) {
        report.put("elapsedSeconds", nanos / 1e9);
        if (json) {
            terminal.print(Json.write(report));
        } else if (classic) {
            terminal.print(workers + " workers, elapsed time: " + Numbers.seconds(nanos));
        }
        terminal.flush();
    }

    private TaskExecutor createExecutor(int workers) {
        if (master != null && executorKind != ExecutorKind.SPARK) {
            throw usage("--master is for --executor spark, but the executor is " + executorKind);
        }
        try {
            return executorKind.create(workers, master);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    /** Takes WORKERS off the operands, if it is there. */
    private int workers() {
        if (operands.isEmpty()) {
            return Runtime.getRuntime().availableProcessors();
        }
        String first = operands.get(0);
        if (!first.matches("[+-]?[0-9]+")) {
            if (operands.size() == 1 && !Files.exists(FileName.of(first).path())) {
                throw usage("'" + first + "' is neither a number of workers nor a file");
            }
            return Runtime.getRuntime().availableProcessors();
        }
        operands = operands.subList(1, operands.size());
        BigInteger workers = new BigInteger(first);
        if (workers.signum() < 1 || workers.bitLength() > 31) {
            throw usage("WORKERS must be between 1 and " + Integer.MAX_VALUE + ", but is " + first);
        }
        return workers.intValue();
    }
}
