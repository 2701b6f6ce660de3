package dev.procpool.cli;

import dev.procpool.jobs.FileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The arguments of this process as they were given. */
final class ProcessArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private ProcessArguments() {}

    /**
     * What the JVM handed to {@code main}, with the bytes back that it couldn't decode: under a locale without UTF-8 the
     * JVM turns each into a question mark. Where the system doesn't show the command line, {@code args} as they are.
     */
    static String[] exact(String[] args) {
        if (allPlain(args) || !Files.isReadable(COMMAND_LINE)) {
            return args;
        }
        try {
            List<String> all = split(Files.readAllBytes(COMMAND_LINE));
            return all.subList(all.size() - args.length, all.size()).toArray(new String[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean allPlain(String[] args) {
        for (String arg : args) {
            if (!arg.chars().allMatch(c -> c < 0x80 && c != '?')) {
                return false;
            }
        }
        return true;
    }

    /** Each argument ends with a zero byte. */
    private static List<String> split(byte[] commandLine) {
        List<String> arguments = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                arguments.add(FileName.decode(Arrays.copyOfRange(commandLine, start, i)));
                start = i + 1;
            }
        }
        return arguments;
    }
}
