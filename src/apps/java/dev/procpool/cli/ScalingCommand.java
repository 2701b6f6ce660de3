package dev.procpool.cli;

import dev.procpool.jobs.CryptoProvider;
import dev.procpool.jobs.ExecutorKind;
import dev.procpool.lab.Lab;
import dev.procpool.lab.LabException;
import dev.procpool.lab.LabOptions;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.Parameters;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures which executor, how many workers and from what job size on, and writes a report. */
@Command(
        mixinStandardHelpOptions = true,
        description = {
            "Measures jobs on executors and worker counts, each time in a fresh JVM, and writes figures, plots and a"
                    + " verdict in plain words.",
            "A run that was stopped goes on when the same command with the same --out is given again."
        })
final class ScalingCommand implements Callable<Integer> {
    private static final int MAX_WORKERS = 1024;
    private static final int MAX_SIZE = 1 << 30;
    private static final List<String> JOBS = List.of("arcfour", "sha", "alloc");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");
    private static final Duration QUICK_TIME = Duration.ofSeconds(125);
    private static final Duration LONG_TIME = Duration.ofDays(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Option(
            names = "--jobs",
            split = ",",
            paramLabel = "JOB",
            description = "arcfour, sha, alloc (default: arcfour,sha)")
    @Nullable List<String> jobs;

    @Option(
            names = "--job-class",
            paramLabel = "CLASS",
            description = "your own job: a public SerializableCallable with a public constructor without parameters")
    @Nullable String jobClass;

    @Option(names = "--class-path", paramLabel = "PATH", description = "where your job is: jars and folders")
    String classPath = "";

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "worker counts, such as 1-8 or 1,2,4 (default: up to twice the cores, with --quick 1, 2 and the cores)")
    @Nullable String workers;

    @Option(
            names = "--executors",
            split = ",",
            paramLabel = "EXECUTOR",
            description =
                    "${COMPLETION-CANDIDATES} (default: processes,threads,forkjoin,sequential; with --quick not forkjoin)")
    @Nullable List<ExecutorKind> executors;

    @Option(
            names = "--experiments",
            split = ",",
            paramLabel = "EXPERIMENT",
            description = "${COMPLETION-CANDIDATES} (default: all; with --job-class scaling,reuse;"
                    + " with --simulate scaling,costs)")
    @Nullable List<Experiment> experiments;

    @Option(names = "--size", paramLabel = "BYTES", description = "size of a task (default: that of the classic run)")
    @Nullable Long size;

    @Option(names = "--count", paramLabel = "N", description = "tasks in a batch (default: ${DEFAULT-VALUE})")
    int count = 12;

    @Option(names = "--provider", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    CryptoProvider provider = CryptoProvider.BC;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "fresh JVMs for each configuration (default: 10); with --quick (default: 3)"
                    + " of scaling and crossover only, 1 of the others")
    @Nullable Integer repeat;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "batches before the measured ones, where workers are JVMs as many for each"
                    + " (default: ${DEFAULT-VALUE}, while there is time)")
    int warmup = 120;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "where the results go (default: a new folder in results)")
    @Nullable Path out;

    @Option(names = "--quick", description = "less of everything: ends within 3 minutes")
    boolean quick;

    @Option(names = "--seed", paramLabel = "N", description = "decides order and data (default: ${DEFAULT-VALUE})")
    long seed = 1;

    @Option(
            names = "--time-limit",
            paramLabel = "SECONDS",
            description = "start no measurement after that; a later run goes on (default: none, with --quick 125)")
    @Nullable Long timeLimit;

    @Option(
            names = "--trial-limit",
            paramLabel = "SECONDS",
            description = "a measurement that takes longer has failed (default: ${DEFAULT-VALUE})")
    long trialLimit = 600;

    @Option(
            names = "--simulate",
            paramLabel = "cores=N,N",
            description = "replay what is in --out, or the little that is needed, on a model of machines with so many"
                    + " cores (default of any run: cores=64,256,1024)")
    @Nullable String simulate;

    private final Terminal terminal;

    ScalingCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            new Lab(options(), commandLine(), this::print, Bars.bar("measuring", 0)).run();
            return CommandLine.ExitCode.OK;
        } catch (LabException e) {
            if (e.isUsage()) {
                throw usage(e.getMessage());
            }
            terminal.error(spec.name() + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private synchronized void print(String line) {
        terminal.print(line);
        terminal.flush();
    }

    private LabOptions options() {
        atLeast("--count", count, 1);
        atLeast("--warmup", warmup, 0);
        atLeast("--trial-limit", trialLimit, 1);
        if (size != null && (size < 1 || size > MAX_SIZE)) {
            throw usage("--size must be between 1 and " + MAX_SIZE + ", but is " + size);
        }
        Duration time = quick ? QUICK_TIME : LONG_TIME;
        if (timeLimit != null) {
            atLeast("--time-limit", timeLimit, 0);
            time = Duration.ofSeconds(timeLimit);
        }
        return new LabOptions(
                parameters(),
                out != null ? out : defaultOut(),
                time,
                Duration.ofSeconds(trialLimit),
                simulatedCores(),
                ScalingCommand::launcher,
                simulate != null);
    }

    private Parameters parameters() {
        return new Parameters(
                chosenExperiments(),
                chosenJobs(),
                chosenWorkers(),
                chosenExecutors(),
                provider.toString(),
                count,
                size,
                orQuick("--repeat", repeat, 1, 10, 3),
                warmup,
                quick,
                seed,
                jobClass,
                classPath.isEmpty() ? List.of() : List.of(classPath.split(Pattern.quote(File.pathSeparator), -1)));
    }

    private Set<Experiment> chosenExperiments() {
        if (experiments != null) {
            return EnumSet.copyOf(experiments);
        } else if (simulate != null) {
            return EnumSet.of(Experiment.SCALING, Experiment.COSTS);
        }
        return jobClass != null ? EnumSet.of(Experiment.SCALING, Experiment.REUSE) : EnumSet.allOf(Experiment.class);
    }

    private List<String> chosenJobs() {
        List<String> chosen = new ArrayList<>();
        if (jobs != null) {
            chosen.addAll(jobs);
        } else if (jobClass == null) {
            chosen.addAll(List.of("arcfour", "sha"));
        }
        for (String job : chosen) {
            if (!JOBS.contains(job)) {
                throw usage("--jobs: there is no job '" + job + "'; there are " + String.join(", ", JOBS)
                        + ", and --job-class for your own");
            }
        }
        if (jobClass != null) {
            chosen.add(jobClass);
        }
        return chosen;
    }

    private List<String> chosenExecutors() {
        if (executors != null) {
            return executors.stream()
                    .distinct()
                    .filter(this::isAvailable)
                    .map(ExecutorKind::toString)
                    .toList();
        }
        return quick
                ? List.of("processes", "threads", "sequential")
                : List.of("processes", "threads", "forkjoin", "sequential");
    }

    /** One of several executors that this JVM can't offer is left out; on its own it is an error, said later. */
    private boolean isAvailable(ExecutorKind kind) {
        if (kind != ExecutorKind.VIRTUAL
                || Set.copyOf(Objects.requireNonNull(executors)).size() == 1) {
            return true;
        }
        try {
            kind.requireAvailable();
            return true;
        } catch (UnsupportedOperationException e) {
            terminal.error(spec.name() + ": without executor " + kind + ": " + e.getMessage());
            return false;
        }
    }

    private NavigableSet<Integer> chosenWorkers() {
        int cores = Runtime.getRuntime().availableProcessors();
        if (workers != null) {
            return numbers("--workers", workers, "1-8 or 1,2,4");
        }
        IntStream counts = quick ? IntStream.of(1, 2, cores) : IntStream.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32);
        return counts.filter(n -> n <= Math.max(4, 2 * cores)).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private List<Integer> simulatedCores() {
        String text = simulate == null ? "cores=64,256,1024" : simulate;
        if (!text.startsWith("cores=")) {
            throw usage("--simulate must be like cores=64,256,1024, but is '" + text + "'");
        }
        return List.copyOf(numbers("--simulate", text.substring("cores=".length()), "cores=64,256,1024"));
    }

    /** Numbers and ranges, separated by commas. */
    private NavigableSet<Integer> numbers(String option, String text, String example) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            int first = range.matches() ? Integer.parseInt(range.group(1)) : 0;
            int last = range.matches() && range.group(2) != null ? Integer.parseInt(range.group(2)) : first;
            if (first < 1 || last < first || last > MAX_WORKERS) {
                throw usage(option + " must be numbers from 1 to " + MAX_WORKERS + ", such as " + example + ", but is '"
                        + text + "'");
            }
            IntStream.rangeClosed(first, last).forEach(numbers::add);
        }
        return numbers;
    }

    private int orQuick(String option, @Nullable Integer given, int least, int otherwise, int quickly) {
        if (given == null) {
            return quick ? quickly : otherwise;
        }
        atLeast(option, given, least);
        return given;
    }

    private void atLeast(String option, long value, long least) {
        if (value < least) {
            throw usage(option + " must be at least " + least + ", but is " + value);
        }
    }

    private Path defaultOut() {
        String time = LocalDateTime.now(ZoneId.systemDefault())
                .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
        return Path.of("results", (quick ? "quick-" : "run-") + time);
    }

    private String commandLine() {
        return "bin/" + spec.name() + " "
                + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    /** The script in bin, when one of them started us, as users call it; otherwise this JVM's own class path. */
    private static List<String> launcher(String command) {
        String bin = System.getenv("PROCPOOL_BIN");
        if (bin != null) {
            return List.of(Path.of(bin, command).toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "-cp", System.getProperty("java.class.path"), Main.class.getName(), command);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
