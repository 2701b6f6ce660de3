package dev.procpool.lab.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The contestants as programs: made by Maven and cc on first use, and when their sources have changed. */
final class BenchBuild {
    private final Path root;
    private final Path scratch;

    /** Of the project in {@code root}; {@code scratch} is an existing folder for logs. */
    BenchBuild(Path root, Path scratch) {
        this.root = root;
        this.scratch = scratch;
    }

    /** JMH, the peers and the contestants in one jar. */
    Path benchmarks() {
        return root.resolve("target/benchmarks.jar");
    }

    /** The contestants alone, as classes. */
    Path classes() {
        return root.resolve("target/bench/classes");
    }

    /** The contestants alone, in a jar. */
    Path contestants() {
        return root.resolve("target/bench/contestants.jar");
    }

    /**
     * Builds what isn't there or is older than its sources.
     *
     * @throws BenchException if the build fails
     */
    void refresh(Consumer<String> progress) throws IOException, InterruptedException, BenchException {
        Files.createDirectories(root.resolve("target"));
        // Of two runs one waits for the build of the other.
        try (FileChannel lock = FileChannel.open(
                root.resolve("target/bench.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (!isFresh()) {
                progress.accept("building the benchmarks (first use) ...");
                build();
            }
        }
    }

    private boolean isFresh() throws IOException {
        if (!Files.exists(benchmarks()) || !Files.exists(contestants())) {
            return false;
        }
        FileTime built = Files.getLastModifiedTime(contestants());
        for (Path sources : List.of(root.resolve("src/main"), root.resolve("src/bench"), root.resolve("pom.xml"))) {
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Files.getLastModifiedTime(file).compareTo(built) > 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private void build() throws IOException, InterruptedException, BenchException {
        FileTime started = FileTime.fromMillis(System.currentTimeMillis());
        Programs.Run maven = Programs.run(
                scratch,
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                "mvn",
                "-q",
                "-B",
                "-f",
                root.resolve("pom.xml").toString(),
                "-Pbench",
                "-DskipSpark",
                "-Dspotless.check.skip",
                "-Dmaven.source.skip",
                "package");
        if (maven.exitCode() != 0) {
            Path log = Files.writeString(root.resolve("target/bench-build.log"), maven.out() + maven.err());
            throw new BenchException("the build of the benchmarks failed; all it said is in " + log);
        }
        try (Stream<Path> jars = Files.list(root.resolve("target/bench"))) {
            Path jar = jars.filter(file -> file.getFileName().toString().matches("procpool-.*-contestants\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new BenchException("the build of the benchmarks left no jar in target/bench"));
            Files.copy(jar, contestants(), StandardCopyOption.REPLACE_EXISTING);
        }
        // Dated before the build, so that edits meanwhile count.
        Files.setLastModifiedTime(contestants(), started);
    }

    /** Compiles a C program. */
    Path compile(Path source) throws IOException, InterruptedException {
        String name = source.getFileName().toString();
        Path program =
                Files.createDirectories(root.resolve("target/bench")).resolve(name.substring(0, name.lastIndexOf('.')));
        Programs.Run cc = Programs.run(scratch, Map.of(), "cc", "-O2", "-o", program.toString(), source.toString());
        if (cc.exitCode() != 0) {
            throw new IOException("cc can't compile " + source + ": " + cc.complaint());
        }
        return program;
    }
}
