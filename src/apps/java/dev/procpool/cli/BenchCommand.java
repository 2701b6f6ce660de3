package dev.procpool.cli;

import dev.procpool.lab.bench.Bench;
import dev.procpool.lab.bench.BenchException;
import dev.procpool.lab.bench.BenchOptions;
import dev.procpool.lab.bench.BenchResult;
import dev.procpool.lab.bench.Group;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bin/bench}: procpool and its peers, measured in one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Measures procpool and its peers in one run, in fresh processes and in shuffled order, and prints medians,"
                    + " spreads, ratios, and which of the figures that the project demands were reached.",
            "Peers: C pipes, CPython's ProcessPoolExecutor, PP4J, Hazelcast, ForkJoinPool, a JVM for each task."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured, whatever the figures are", "1:a contestant failed", "2:wrong usage"})
final class BenchCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int FULL_ROUNDS = 5;
    private static final int MOST_ROUNDS = 1000;

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--quick",
            description = "all of it in less than two minutes: one round, short batches, small files")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "GROUP",
            split = ",",
            description = "measure only these, separated by commas: ${COMPLETION-CANDIDATES}")
    private @Nullable Set<Group> only;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where the reports go (default: results/bench, or results/bench-quick)")
    private @Nullable Path out;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "rounds; each contestant has a fresh process in each of them (default: 5, or 1 if quick)")
    private @Nullable Integer repeat;

    @Option(names = "--json", description = "print one JSON object in place of tables")
    private boolean json;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            return run();
        } catch (BenchException e) {
            terminal.error("bench: " + e.getMessage());
            return FAILED;
        }
    }

    private int run() throws IOException, InterruptedException, BenchException {
        int rounds = repeat != null ? repeat : quick ? 1 : FULL_ROUNDS;
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new ParameterException(
                    spec.commandLine(), "--repeat must be between 1 and " + MOST_ROUNDS + ", but is " + rounds);
        }
        Path root = root();
        BenchOptions options = new BenchOptions(
                root,
                Path.of(System.getProperty("java.class.path")).toAbsolutePath(),
                quick,
                only != null ? only : EnumSet.allOf(Group.class),
                rounds,
                out != null ? out : root.resolve(quick ? "results/bench-quick" : "results/bench"));
        BenchResult result = Bench.run(options, terminal::error);
        terminal.print(json ? result.json() : result.text().stripTrailing());
        terminal.flush();
        terminal.error("reports: " + options.out());
        return result.broken().isEmpty() ? 0 : FAILED;
    }

    /** The folder that bin/bench is in the bin of. */
    private static Path root() throws BenchException {
        String bin = System.getenv("PROCPOOL_BIN");
        if (bin == null) {
            throw new BenchException("start it as bin/bench: it needs the sources of the contestants");
        }
        return Path.of(bin, "..").toAbsolutePath().normalize();
    }
}
