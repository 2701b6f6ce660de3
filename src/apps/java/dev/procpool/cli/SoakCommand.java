package dev.procpool.cli;

import dev.procpool.soak.Ledger;
import dev.procpool.soak.Soak;
import dev.procpool.soak.SoakPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bin/soak}: a chaos run. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Runs tasks of all kinds from several threads (tiny, busy, with big arguments and results, throwing,"
                    + " printing, hanging, cancelled, out of memory, ending their JVM) while it kills and stops workers"
                    + " at random, and accounts for every one of them at the end.",
            "With --threads-wait: threads wait for harmless tasks in all the ways there are (get, join, callbacks,"
                    + " invokeAll, streams, cancelling ...), as those of a server do, and nobody may wait for ever.",
            "Exit code 0: the books balance. 1: they don't; the offenders are listed. Ctrl-C ends it early."
        })
final class SoakCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final Duration KILL_EVERY = Duration.ofMillis(250);
    private static final int MOST_TASKS = Integer.MAX_VALUE - 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "for how long tasks are submitted, such as 0.5 (default: 1, or no limit with --tasks)")
    @Nullable Double minutes;

    @Option(names = "--tasks", paramLabel = "N", description = "after how many tasks to end (default: no limit)")
    @Nullable Integer tasks;

    @Option(names = "--seed", paramLabel = "N", description = "makes the choice of tasks and attacks repeatable")
    long seed = System.nanoTime();

    @Option(names = "--workers", paramLabel = "N", description = "size of the pool (default: ${DEFAULT-VALUE})")
    int workers = 2;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads that submit (default: 4, or 10 with --threads-wait)")
    @Nullable Integer threads;

    @Option(
            names = "--kill-every",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "pause between two attacks on workers, such as 50ms or 2s; 0s for none"
                    + " (default: 250ms, or none with --threads-wait)")
    @Nullable Duration killEvery;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "only tiny tasks, each repeated up to N times when its worker dies: then none may fail"
                    + " (default: 0, all kinds of tasks, none repeated)")
    int retries;

    @Option(
            names = "--threads-wait",
            description = "only harmless tasks, for which threads wait in all the ways there are, at random")
    boolean threadsWait;

    private final Terminal terminal;

    SoakCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Soak soak = new Soak(plan());
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch shown = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endEarly(soak, shown), "soak-end-early"));
        Thread reporter = new Thread(() -> reportProgress(soak, over), "soak-progress");
        reporter.setDaemon(true);
        terminal.error(spec.name() + ": seed " + seed);
        reporter.start();
        try {
            Ledger ledger = soak.run();
            over.countDown();
            reporter.join();
            ledger.lines().forEach(terminal::print);
            terminal.print(ledger.balances() ? "the books balance" : "THE BOOKS DO NOT BALANCE (--seed " + seed + ")");
            terminal.flush();
            return ledger.balances() ? 0 : FAILED;
        } finally {
            over.countDown();
            shown.countDown();
        }
    }

    private SoakPlan plan() {
        atLeast("--workers", workers, 1);
        int submitting = threads != null ? threads : threadsWait ? 10 : 4;
        atLeast("--threads", submitting, 1);
        atLeast("--retries", retries, 0);
        atLeast("--tasks", tasks == null ? 1 : tasks, 1);
        if (minutes != null && !(minutes > 0 && minutes < 1e6)) {
            throw new ParameterException(spec.commandLine(), "--minutes must be more than 0, but is " + minutes);
        }
        if (threadsWait && retries > 0) {
            throw new ParameterException(spec.commandLine(), "--threads-wait and --retries exclude each other");
        }
        double limit = minutes != null ? minutes : tasks != null ? 1e6 : 1;
        Duration duration = Duration.ofMillis((long) (limit * 60_000));
        int limitOfTasks = tasks == null ? MOST_TASKS : tasks;
        Duration pause = killEvery != null ? killEvery : threadsWait ? Duration.ZERO : KILL_EVERY;
        return new SoakPlan(workers, submitting, duration, limitOfTasks, pause, retries, threadsWait, seed);
    }

    private void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be at least " + least + ", but is " + value);
        }
    }

    /** Ctrl-C: the books are shown all the same. */
    private static void endEarly(Soak soak, CountDownLatch shown) {
        soak.stop();
        try {
            shown.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a terminal a line that changes twice a second, else a line every ten seconds. */
    private void reportProgress(Soak soak, CountDownLatch over) {
        boolean live = isTerminal();
        try {
            while (!over.await(live ? 500 : 10_000, TimeUnit.MILLISECONDS)) {
                if (live) {
                    terminal.status(soak.progress());
                } else {
                    terminal.error(spec.name() + ": " + soak.progress());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (live) {
            terminal.status("");
        }
    }

    /** Whether standard error is a terminal; System.console() tells that of the other two, and of none since JDK 22. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false; // not Linux: lines do no harm
        }
    }

    /** Times like {@code 50ms}, {@code 2s}, {@code 1.5m}. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            try {
                if (lower.matches("[0-9]+ms")) {
                    return Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
                }
                return Duration.parse("PT" + lower);
            } catch (DateTimeParseException | NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is no time such as 50ms, 2s or 1m");
            }
        }
    }
}
