package dev.procpool.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Entry of the runnable jar: the first argument names the command, the others are the command's. */
public final class Main {
    private static final Map<String, Function<Terminal, Object>> COMMANDS = new LinkedHashMap<>();
    /** What our scripts call, and nobody else. */
    private static final Map<String, Function<Terminal, Object>> INTERNAL = new LinkedHashMap<>();

    static {
        COMMANDS.put("arcfour-futures", ArcfourFuturesCommand::new);
        COMMANDS.put("sha-futures", ShaFuturesCommand::new);
        COMMANDS.put("flags", terminal -> new FlagsCommand());
        COMMANDS.put("flags-server", terminal -> new FlagsServerCommand());
        COMMANDS.put("executor-map", ExecutorMapCommand::new);
        COMMANDS.put("soak", SoakCommand::new);
        COMMANDS.put("scaling", ScalingCommand::new);
        COMMANDS.put("bench", BenchCommand::new);
        INTERNAL.put("completion", CompletionCommand::new);
        INTERNAL.put("rehearse", terminal -> new RehearseCommand());
    }

    private Main() {}

    /** Runs a command and exits: 0 all is well, 1 some work failed, 2 the command was called wrongly. */
    public static void main(String[] args) {
        // Not System.out, which keeps to itself that it can't write.
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        System.exit(run(new Terminal(out, System.err), ProcessArguments.exact(args)));
    }

    /** Runs the command that {@code args} names. */
    static int run(Terminal terminal, String... args) {
        if (args.length == 0 || find(args[0]) == null) {
            terminal.error("procpool: " + (args.length == 0 ? "no command" : "unknown command '" + args[0] + "'")
                    + "; there are " + String.join(", ", COMMANDS.keySet()));
            return CommandLine.ExitCode.USAGE;
        }
        String name = args[0];
        try {
            int code = commandLine(name, terminal).execute(Arrays.copyOfRange(args, 1, args.length));
            terminal.flush();
            return code;
        } catch (UncheckedIOException e) {
            terminal.error(name + ": " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** The picocli model of a command, set up as all our commands are: one line for each error, names taken literally. */
    static CommandLine commandLine(String name, Terminal terminal) {
        return new CommandLine(Objects.requireNonNull(find(name), name).apply(terminal))
                .setCommandName(name)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(terminal.outWriter())
                .setErr(terminal.errorWriter())
                .setParameterExceptionHandler((e, args) -> usageError(terminal, e))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    terminal.error(name + ": " + Failures.describe(e));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static @Nullable Function<Terminal, Object> find(String name) {
        return COMMANDS.getOrDefault(name, INTERNAL.get(name));
    }

    /** The commands for people. */
    static Iterable<String> commandNames() {
        return COMMANDS.keySet();
    }

    private static int usageError(Terminal terminal, ParameterException e) {
        String name = e.getCommandLine().getCommandName();
        terminal.error(name + ": " + e.getMessage() + ". Try '" + name + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }
}
