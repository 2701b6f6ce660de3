package dev.procpool.lab;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the commands of the classic experiment, ours and CPython's, and takes their whole time. */
final class ClassicCommand {
    private static final Pattern LAST_LINE = Pattern.compile("\\d+ workers, elapsed time: (\\d+\\.\\d+)s");

    private final LabOptions options;
    private final ChildProcesses processes;
    private final String python;

    /** For the interpreter {@code python}, ours and CPython's command. */
    ClassicCommand(LabOptions options, ChildProcesses processes, String python) {
        this.options = options;
        this.processes = processes;
        this.python = python;
    }

    /**
     * Measures.
     *
     * @throws LabException if the command failed, printed something unexpected or took too long
     */
    Measurement measure(Trial trial) throws InterruptedException {
        try {
            Path scratch = Files.createTempDirectory("lab");
            Path script = scratch.resolve("classic.py");
            Path output = scratch.resolve("stdout.txt");
            Path errors = scratch.resolve("stderr.txt");
            try {
                try (InputStream resource =
                        Objects.requireNonNull(ClassicCommand.class.getResourceAsStream("classic.py"))) {
                    Files.copy(resource, script);
                }
                return measure(trial, script, output, errors);
            } finally {
                Files.deleteIfExists(script);
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
                Files.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Measurement measure(Trial trial, Path script, Path output, Path errors)
            throws IOException, InterruptedException {
        Configuration configuration = trial.configuration();
        ProcessBuilder builder = new ProcessBuilder(command(configuration, script))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        long start = System.nanoTime();
        Process command = processes.start(builder);
        processes.await(command, options.trialLimit(), configuration.describe());
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (command.exitValue() != 0) {
            throw LabException.failed(configuration.describe() + ": " + String.join(" ", builder.command())
                    + " ended with exit code " + command.exitValue() + ChildProcesses.tail(errors));
        }
        Map<Metric, double[]> values = new EnumMap<>(Metric.class);
        values.put(Metric.COMMAND, new double[] {seconds});
        values.put(Metric.PRINTED, new double[] {printed(configuration, output)});
        return new Measurement(configuration, trial.round(), values);
    }

    /** Checks that there is a line for each job and a last one with the time. */
    private static double printed(Configuration configuration, Path output) throws IOException {
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        Matcher last = LAST_LINE.matcher(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        if (lines.size() != configuration.count() + 1 || !last.matches()) {
            throw LabException.wrongResult(
                    configuration.describe() + ": unexpected output of " + lines.size() + " lines");
        }
        return Double.parseDouble(last.group(1));
    }

    private List<String> command(Configuration configuration, Path script) {
        String workers = Integer.toString(configuration.workers());
        String count = Integer.toString(configuration.count());
        String size = Long.toString(configuration.size());
        String seed = Long.toString(options.parameters().seed());
        if (configuration.executor().equals("cpython")) {
            return List.of(python, script.toString(), configuration.job(), workers, count, size, seed);
        }
        List<String> command = new ArrayList<>(options.launcher().apply(configuration.job() + "-futures"));
        command.addAll(List.of(workers, "--jobs", count, "--size", size));
        command.addAll(List.of("--seed", seed, "--provider", configuration.provider()));
        command.addAll(List.of("--executor", configuration.executor()));
        return command;
    }
}
