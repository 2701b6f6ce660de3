package dev.procpool.cli;

import dev.procpool.spark.SparkCluster;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spark-cluster}: a Spark cluster on this machine, which lives on between commands. */
@Command(
        name = "spark-cluster",
        description = "A real Spark cluster on this machine, on loopback, to try things out.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class SparkClusterCommand implements Runnable {
    private static final int NOT_RUNNING = 1;

    /** Set by the script that starts this. */
    private final Path folder = Path.of(System.getProperty("procpool.cluster.folder", "spark-cluster"));

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private SparkClusterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command and exits: 0 all is well, 1 the cluster does not run, 2 the command was called wrongly. */
    public static void main(String[] args) {
        Terminal terminal = new Terminal(System.out, System.err);
        CommandLine commandLine = new CommandLine(new SparkClusterCommand(terminal))
                .setOut(terminal.outWriter())
                .setErr(terminal.errorWriter())
                .setParameterExceptionHandler((e, arguments) -> {
                    terminal.error("spark-cluster: " + e.getMessage() + ". Try 'spark-cluster --help'.");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    terminal.error("spark-cluster: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
        int code = commandLine.execute(args);
        terminal.flush();
        System.exit(code);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say start, status, stop or bench");
    }

    @Command(description = "Starts a master and workers, and prints the master's URL.")
    int start(
            @Option(
                            names = "--workers",
                            paramLabel = "N",
                            defaultValue = "2",
                            description = "worker processes (default: ${DEFAULT-VALUE})")
                    int workers,
            @Option(
                            names = "--cores",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "executors that each of them may run (default: ${DEFAULT-VALUE})")
                    int cores)
            throws IOException {
        if (workers < 1 || cores < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--workers and --cores must be at least 1, but are " + workers + " and " + cores);
        }
        Optional<SparkCluster> before = find();
        if (before.isPresent() && before.get().isAlive()) {
            terminal.error("spark-cluster: already running: " + before.get().master());
            return NOT_RUNNING;
        }
        before.ifPresent(SparkCluster::close);
        terminal.print(SparkCluster.start(folder, workers, cores).master());
        return 0;
    }

    @Command(description = "Prints what runs; exit code 1 if nothing does.")
    int status() throws IOException {
        Optional<SparkCluster> cluster = find();
        if (cluster.isEmpty() || !cluster.get().isAlive()) {
            terminal.print("not running");
            return NOT_RUNNING;
        }
        SparkCluster running = cluster.get();
        terminal.print("master  " + running.master() + "  (" + running.console() + ")");
        terminal.print("workers " + running.aliveWorkers());
        running.processes().forEach(process -> terminal.print("process " + process.pid()));
        terminal.print("logs    " + folder.toAbsolutePath().normalize());
        return 0;
    }

    @Command(description = "Ends it, executors and their folders included.")
    int stop() throws IOException {
        Optional<SparkCluster> cluster = find();
        cluster.ifPresent(SparkCluster::close);
        SparkCluster.delete(folder); // of a cluster that was never complete
        terminal.print(cluster.isPresent() ? "stopped" : "not running");
        return 0;
    }

    @Command(
            description = "Measures, on a cluster of its own, what tasks cost beside the same in plain Spark."
                    + " Takes about a minute.")
    int bench() throws Exception {
        new SparkFigures(line -> {
                    terminal.print(line);
                    terminal.flush();
                })
                .measure();
        return 0;
    }

    private Optional<SparkCluster> find() throws IOException {
        try {
            return Optional.of(SparkCluster.find(folder));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
