package dev.procpool.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints the completion of all commands for bash, and for zsh with {@code bashcompinit}. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints shell completion for the commands: source <(bin/procpool-completion)")
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        for (String name : Main.commandNames()) {
            terminal.print(AutoComplete.bash(name, Main.commandLine(name, terminal)));
        }
        return 0;
    }
}
