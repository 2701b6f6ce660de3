package dev.procpool.lab.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Other programs: where they are, and how to run them to their end. */
final class Programs {
    private static final long PATIENCE_SECONDS = 600;

    private Programs() {}

    /**
     * How a program ended.
     *
     * @param seconds how long it took, from before its start until its end was known
     */
    record Run(int exitCode, String out, String err, double seconds) {
        /** The last line that it printed, or nothing. */
        String lastLine() {
            return last(out);
        }

        /** Why it failed, in its own words. */
        String complaint() {
            String words = last(err).isEmpty() ? last(out) : last(err);
            return "exit code " + exitCode + (words.isEmpty() ? "" : ", " + words);
        }

        private static String last(String text) {
            return text.strip().lines().reduce("", (before, line) -> line);
        }
    }

    /** Where on the PATH there is such a program. */
    static Optional<Path> find(String name) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs a program to its end.
     *
     * @param scratch an existing folder for its output
     * @throws IOException if it doesn't start, or not end within ten minutes; it is killed then
     */
    static Run run(Path scratch, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(scratch, "out", null);
        Path err = Files.createTempFile(scratch, "err", null);
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(environment);
            long start = System.nanoTime();
            int exitCode = awaitEnd(builder.start());
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Run(exitCode, read(out), read(err), seconds);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static int awaitEnd(Process process) throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("did not end within " + PATIENCE_SECONDS + " s");
            }
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
