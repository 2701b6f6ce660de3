package dev.procpool.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run: builds the contestants, has them measured, and writes the reports. */
public final class Bench {
    private static final long PATIENCE_SECONDS = 10;

    private final BenchOptions options;
    private final Consumer<String> progress;
    private final CountDownLatch over = new CountDownLatch(1);

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
        Thread measuring = Thread.currentThread();
        Thread onExit = new Thread(() -> endEarly(measuring), "bench-exit");
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            BenchBuild build = new BenchBuild(options.root(), folder);
            build.refresh(progress);
            LineUp lineUp = new LineUp(options, build, folder);
            List<Contestant> contestants = lineUp.contestants();
            progress.accept("warming up ...");
            Rounds rounds = new Rounds(folder, progress);
            rounds.measure(lineUp.rehearsal());
            try {
                rounds.run(contestants, options.rounds());
            } catch (InterruptedException e) {
                progress.accept("ended early: the report has what was measured");
            }
            BenchResult result =
                    new BenchResult(environment, options, rounds.samples(), rounds.broken(), lineUp.missing());
            BenchReport.write(result);
            return result;
        } finally {
            delete(folder);
            over.countDown();
            forget(onExit);
        }
    }

    /** Runs while the JVM ends, which waits for it: whoever measures ends its contestant, and cleans up as always. */
    private void endEarly(Thread measuring) {
        measuring.interrupt();
        try {
            if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                progress.accept("no time left for a report");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the JVM is ending, so it runs
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
