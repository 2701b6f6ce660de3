package dev.procpool.lab;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.procpool.lab.measure.Assignment;
import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.HeapMeasurer;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.MeasuringMain;
import dev.procpool.lab.measure.Outcome;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs each trial in a JVM of its own. */
final class MeasuringJvm {
    private final LabOptions options;
    private final ChildProcesses processes;
    private final double spinsPerMicrosecond;
    private final Gson gson =
            new GsonBuilder().serializeSpecialFloatingPointValues().create();

    MeasuringJvm(LabOptions options, ChildProcesses processes, double spinsPerMicrosecond) {
        this.options = options;
        this.processes = processes;
        this.spinsPerMicrosecond = spinsPerMicrosecond;
    }

    /**
     * Measures.
     *
     * @throws LabException if the job failed, gave a wrong result, crashed its JVM or took too long
     */
    Measurement measure(Trial trial) throws InterruptedException {
        try {
            Path scratch = Files.createTempDirectory("lab");
            try {
                return measure(trial, scratch.resolve("outcome.json"), scratch.resolve("stderr.txt"));
            } finally {
                Files.deleteIfExists(scratch.resolve("outcome.json"));
                Files.deleteIfExists(scratch.resolve("stderr.txt"));
                Files.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Measurement measure(Trial trial, Path outcomeFile, Path errors) throws IOException, InterruptedException {
        Configuration configuration = trial.configuration();
        ProcessBuilder builder = new ProcessBuilder(command(configuration))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        Assignment assignment = new Assignment(
                configuration,
                trial.round(),
                trial.warmup(),
                options.parameters().warmupTime(configuration.workerJvms()).toMillis(),
                trial.batches(),
                options.parameters().seed(),
                usersJob(configuration),
                spinsPerMicrosecond,
                outcomeFile.toString());
        Process jvm = processes.start(builder);
        try (BufferedWriter stdin = jvm.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(gson.toJson(assignment) + "\n");
            stdin.flush();
            processes.await(jvm, options.trialLimit(), configuration.describe());
        }
        if (!Files.exists(outcomeFile)) {
            throw LabException.failed(configuration.describe() + ": the measuring JVM ended with exit code "
                    + jvm.exitValue() + " before it had a result" + ChildProcesses.tail(errors));
        }
        Outcome outcome = gson.fromJson(Files.readString(outcomeFile), Outcome.class);
        if (outcome.error() != null) {
            String message = configuration.describe() + " failed: " + outcome.error();
            throw outcome.isWrong() ? LabException.wrongResult(message) : LabException.failed(message);
        }
        return Objects.requireNonNull(outcome.measurement());
    }

    private @org.jspecify.annotations.Nullable String usersJob(Configuration configuration) {
        String jobClass = options.parameters().jobClass();
        return configuration.job().equals(jobClass) ? jobClass : null;
    }

    private List<String> command(Configuration configuration) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags(configuration));
        List<String> classPath = new ArrayList<>();
        classPath.add(System.getProperty("java.class.path"));
        classPath.addAll(options.parameters().classPath());
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
        command.add(MeasuringMain.class.getName());
        return command;
    }

    private static List<String> flags(Configuration configuration) {
        if (configuration.experiment() == Experiment.HEAPS) {
            return switch (configuration.executor()) {
                case "processes" -> List.of("-Xmx256m");
                case "threads-zgc" -> List.of("-XX:+UseZGC", "-Xmx" + HeapMeasurer.TOTAL_HEAP);
                default -> List.of("-XX:+UseG1GC", "-Xmx" + HeapMeasurer.TOTAL_HEAP);
            };
        }
        List<String> flags = new ArrayList<>(HUGE_PAGES);
        if (configuration.workerJvms() == 0 && !configuration.executor().equals("spawn")) {
            flags.addAll(TOUCHED_HEAP);
        }
        switch (configuration.executor()) {
            case "virtual" -> {
                flags.add("-Djdk.virtualThreadScheduler.parallelism=" + configuration.workers());
                flags.add("-Djdk.virtualThreadScheduler.maxPoolSize=" + configuration.workers());
            }
            case "spark" -> flags.addAll(SPARK_FLAGS);
            default -> {}
        }
        return flags;
    }

    /**
     * As the commands run, and for the same reason: on virtual machines the first touch of a page may cost more than the
     * work on its bytes. Workers follow. Asked for only where this JVM has them too, since it would warn elsewhere.
     */
    private static final List<String> HUGE_PAGES = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter("-XX:+UseTransparentHugePages"::equals)
            .distinct()
            .toList();

    /** Where tasks allocate in the measuring JVM: else each round through the heap would be a second warm-up. */
    private static final List<String> TOUCHED_HEAP = List.of(
            "-Xms" + Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 1024 * 1024), "-XX:+AlwaysPreTouch");

    /** The doors that Spark wants open on Java 17 and up. */
    private static final List<String> SPARK_FLAGS = java.util.stream.Stream.of(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "sun.nio.ch",
                    "sun.nio.cs",
                    "sun.security.action",
                    "sun.util.calendar")
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();
}
