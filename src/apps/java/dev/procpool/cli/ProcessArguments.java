package dev.procpool.cli;

import dev.procpool.jobs.FileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            List<FileName> all = FileName.split(Files.readAllBytes(COMMAND_LINE));
            return all.subList(all.size() - args.length, all.size()).stream()
                    .map(FileName::toString)
                    .toArray(String[]::new);
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
}
