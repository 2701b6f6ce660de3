package dev.procpool.cli;

import dev.procpool.Futures;
import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import dev.procpool.jobs.ExecutorKind;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The lesson on order: {@code map} gives results in the order of the calls, {@code asCompleted} as they are there. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Runs tasks that loiter for some seconds and shows, with times, when each begins and ends and when its result"
                    + " arrives: with map in the order of the calls, whatever ends first; with --as-completed as they"
                    + " end.%n"
        })
final class ExecutorMapCommand implements Callable<Integer> {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("'['HH:mm:ss'] '");
    private static final int MAX_SECONDS = 3600;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--as-completed", description = "take results as they are there")
    private boolean asCompleted;

    @Option(
            names = "--executor",
            description = "where the tasks run: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private ExecutorKind executorKind = ExecutorKind.PROCESSES;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark master for --executor spark (default: a cluster of its own)")
    private @Nullable String master;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "how many tasks run at the same time (default: ${DEFAULT-VALUE}; sequential: 1, virtual: all)")
    private int workers = 3;

    @Parameters(
            paramLabel = "SECONDS",
            description = "how long each task loiters, in the order of the calls (default: 4 3 2 1 0)")
    private List<String> times = List.of("4", "3", "2", "1", "0");

    private List<Integer> seconds = List.of();

    private final Terminal terminal;

    ExecutorMapCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        seconds = times.stream().map(this::seconds).toList();
        if (workers < 1) {
            throw usage("--workers must be at least 1, but is " + workers);
        }
        try (TaskExecutor executor = createExecutor()) {
            say(seconds.size() + " tasks on " + where(executor) + " loiter for "
                    + seconds.stream().map(s -> s + "s").collect(Collectors.joining(", ")));
            if (asCompleted) {
                takeAsCompleted(executor);
            } else {
                takeInOrder(executor);
            }
            say("all is done");
        }
        return 0;
    }

    /** By ourselves: picocli calls what is no number an unmatched argument. */
    private int seconds(String text) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) > MAX_SECONDS) {
            throw usage("SECONDS must be a whole number between 0 and " + MAX_SECONDS + ", but is '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private String where(TaskExecutor executor) {
        if (executorKind == ExecutorKind.VIRTUAL) {
            return "a virtual thread each";
        }
        int workers = executor.parallelism();
        return workers + (workers == 1 ? " worker (" : " workers (") + executorKind + ")";
    }

    private void takeInOrder(TaskExecutor executor) {
        MapOptions oneByOne = MapOptions.defaults().chunkSize(1).bufferSize(seconds.size());
        try (Stream<Integer> results = executor.map(ExecutorMapCommand::loiter, seconds, oneByOne)) {
            int[] call = {0};
            results.forEach(result -> say("result " + call[0]++ + ": " + result));
        }
    }

    private void takeAsCompleted(TaskExecutor executor) {
        Map<PoolFuture<Integer>, Integer> callOf = new LinkedHashMap<>();
        for (int s : seconds) {
            callOf.put(executor.submit(() -> loiter(s)), callOf.size());
        }
        for (PoolFuture<Integer> future : Futures.asCompleted(callOf.keySet())) {
            say("result " + callOf.get(future) + ": " + future.join());
        }
    }

    /** The task: prints in the process it runs in, indented so that the tasks stand beside each other. */
    private static int loiter(int seconds) throws InterruptedException {
        String name = "    ".repeat(Math.min(seconds, 10)) + "loiter(" + seconds + ")";
        System.out.println(timed(name + " begins"));
        Thread.sleep(seconds * 1000L);
        System.out.println(timed(name + " ends"));
        return seconds * 10;
    }

    private void say(String line) {
        terminal.print(timed(line));
        terminal.flush();
    }

    private static String timed(String line) {
        return CLOCK.format(LocalTime.now(ZoneId.systemDefault())) + line;
    }

    private TaskExecutor createExecutor() {
        if (master != null && executorKind != ExecutorKind.SPARK) {
            throw usage("--master is for --executor spark, but the executor is " + executorKind);
        }
        try {
            return executorKind.create(workers, master);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
