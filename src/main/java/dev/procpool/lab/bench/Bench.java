package dev.procpool.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run: builds the contestants, has them measured, and writes the reports. */
public final class Bench {
    private final BenchOptions options;
    private final Consumer<String> progress;

    private Bench(BenchOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Measures, and writes the reports.
     *
     * @param progress takes a line for each contestant, before it starts
     * @throws BenchException if nothing can be measured
     */
    public static BenchResult run(BenchOptions options, Consumer<String> progress)
            throws IOException, InterruptedException, BenchException {
        return new Bench(options, progress).run();
    }

    private BenchResult run() throws IOException, InterruptedException, BenchException {
        BenchEnvironment environment = BenchEnvironment.current(options.root());
        Path folder =
                Files.createTempDirectory(Files.createDirectories(options.root().resolve("target")), "bench-run-");
        Thread cleaner = new Thread(() -> end(folder), "bench-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            BenchBuild build = new BenchBuild(options.root(), folder);
            build.refresh(progress);
            LineUp lineUp = new LineUp(options, build, folder);
            List<Contestant> contestants = lineUp.contestants();
            progress.accept("warming up ...");
            Rounds rounds = new Rounds(folder, progress);
            rounds.measure(lineUp.rehearsal());
            rounds.run(contestants, options.rounds());
            BenchResult result =
                    new BenchResult(environment, options, rounds.samples(), rounds.broken(), lineUp.missing());
            BenchReport.write(result);
            return result;
        } finally {
            Runtime.getRuntime().removeShutdownHook(cleaner);
            delete(folder);
        }
    }

    private void end(Path folder) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            delete(folder);
        } catch (IOException e) {
            progress.accept("cannot delete " + folder + ": " + e.getMessage());
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
