package dev.procpool.internal.launch;

import dev.procpool.internal.os.OwnProcess;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The classes that every worker loads, as the JVM likes them best: an AppCDS archive, from JDK 25 on an AOT cache. It
 * takes a third off a worker's start. Made in the background by a JVM that rehearses a worker's life, kept in the user's
 * cache folder, and named after all that it depends on: JDK build, collector, and procpool's jar. A JVM that can't use an
 * archive passes over it in silence, and so do we where none can be made.
 */
final class ClassArchive {
    /** Set by a launcher that has made an archive of its jar: its path. */
    private static final String PROPERTY = "procpool.classArchive";

    private static final String REHEARSAL = "dev.procpool.internal.child.Rehearsal";
    private static final int AOT_SINCE = 25;
    private static final long REHEARSAL_SECONDS = 60;
    private static final Duration KEPT = Duration.ofDays(30);
    /** What is still unfinished after this was left behind by a JVM that was killed. */
    private static final Duration UNFINISHED_KEPT = Duration.ofMinutes(10);

    /**
     * Makes an archive, and ends with us: a JVM that writes its archive has no Java code left that could watch for it. The
     * shell reads a pipe of which we hold the other end; when that ends it kills the JVM. An AOT cache is made in two
     * steps: in one the JVM would start the second JVM by itself, and nobody could end both. What is unfinished is
     * removed by the shell, too, since then nobody else is there to do it.
     */
    private static final String ENDS_WITH_ITS_PARENT = """
            kind=$1 unfinished=$2 finished=$3 java=$4
            shift 4
            exec 3<&0
            watched() {
                "$java" "$@" <&3 3<&- &
                jvm=$!
                { read -r _; kill -9 $jvm; } <&3 3<&- &
                watch=$!
                wait $jvm
                code=$?
                kill -9 $watch
                return $code
            }
            make() {
                case $kind in
                    aot)
                        configuration=-XX:AOTConfiguration=$unfinished.config
                        watched -XX:AOTMode=record "$configuration" "$@" &&
                            watched -XX:AOTMode=create "$configuration" "-XX:AOTCache=$unfinished" "$@"
                        ;;
                    cds) watched "-XX:ArchiveClassesAtExit=$unfinished" "$@" ;;
                esac
            }
            make "$@" && mv -f "$unfinished" "$finished"
            code=$?
            rm -f "$unfinished" "$unfinished.config"
            exit $code
            """;

    private final Path java;
    private final Path jar;
    private final Path file;
    private final boolean aot;
    private volatile @Nullable Process rehearsal;
    private volatile boolean closed;

    private ClassArchive(Path java, Path jar, Path file, boolean aot) {
        this.java = java;
        this.jar = jar;
        this.file = file;
        this.aot = aot;
    }

    /** The archive for workers of this kind; null where there can't be one. */
    static @Nullable ClassArchive of(WorkerSpec spec, List<String> classPath) {
        boolean suited = true;
        for (String argument : spec.jvmArgs()) {
            suited &= !argument.matches("-XX:[+]Use\\w+GC|-XX:.*Archive.*|-Xshare:.*|-XX:AOT.*");
        }
        Path jar = ownJar();
        if (!suited || jar == null || !classPath.contains(jar.toString())) {
            return null;
        }
        try {
            Path java = spec.javaHome().resolve("bin").resolve("java");
            String release = Files.readString(spec.javaHome().resolve("release"));
            boolean aot = featureVersion(release) >= AOT_SINCE;
            String prepared = System.getProperty(PROPERTY);
            boolean sameJdk = spec.javaHome().toString().equals(System.getProperty("java.home"));
            if (prepared != null && sameJdk) {
                return new ClassArchive(java, jar, Path.of(prepared), prepared.endsWith(".aot"));
            }
            CRC32 key = new CRC32();
            key.update(release.getBytes(StandardCharsets.UTF_8));
            key.update((spec.javaHome() + "|" + jar + "|" + Files.size(jar) + "|"
                            + Files.getLastModifiedTime(jar).toMillis())
                    .getBytes(StandardCharsets.UTF_8));
            String name = "worker-" + Long.toHexString(key.getValue()) + (aot ? ".aot" : ".jsa");
            return new ClassArchive(java, jar, cacheFolder().resolve(name), aot);
        } catch (IOException e) {
            return null; // no release file: not a JDK that we know how to handle
        }
    }

    private static @Nullable Path ownJar() {
        CodeSource source = ClassArchive.class.getProtectionDomain().getCodeSource();
        try {
            Path path = source == null ? null : Path.of(source.getLocation().toURI());
            return path != null && Files.isRegularFile(path) ? path : null;
        } catch (URISyntaxException | RuntimeException e) {
            return null; // loaded in some other way than from a file
        }
    }

    private static int featureVersion(String release) {
        int from = release.indexOf("JAVA_VERSION=\"") + "JAVA_VERSION=\"".length();
        int to = from;
        while (to < release.length() && Character.isDigit(release.charAt(to))) {
            to++;
        }
        return to > from ? Integer.parseInt(release.substring(from, to)) : 0;
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("procpool");
    }

    /** The class path with procpool's own jar in front: an archive fits only a class path that begins as its own did. */
    List<String> order(List<String> classPath) {
        List<String> ordered = new ArrayList<>(classPath);
        ordered.remove(jar.toString());
        ordered.add(0, jar.toString());
        return ordered;
    }

    /** The options by which a JVM uses the archive; none as long as there is none. */
    List<String> options() {
        if (!Files.isReadable(file)) {
            return List.of();
        }
        return aot
                ? List.of("-XX:AOTCache=" + file, "-Xlog:aot=off", "-Xlog:cds=off")
                : List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
    }

    boolean isMissing() {
        return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes the archive; takes about a second. Does nothing where the cache can't be written. */
    void make() {
        Path unfinished = null;
        try {
            Files.createDirectories(file.getParent());
            removeOld();
            unfinished = Files.createTempFile(file.getParent(), "unfinished-", aot ? ".aot" : ".jsa");
            Files.delete(unfinished); // the JVM doesn't write over it
            ProcessBuilder builder = new ProcessBuilder(Launcher.UNIX ? watched(unfinished) : command(unfinished))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            InheritedOptions.OPTION_VARIABLES.forEach(builder.environment()::remove); // a debugger's port is taken
            Process process = OwnProcess.start(builder);
            rehearsal = process;
            boolean done = !closed && process.waitFor(REHEARSAL_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            if (done && !Launcher.UNIX && Files.isReadable(unfinished)) {
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            }
            stop();
        } catch (IOException e) {
            closed = true; // the cache can't be written: workers start as fast as they can without it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            discard(unfinished);
        }
    }

    private List<String> watched(Path unfinished) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", ENDS_WITH_ITS_PARENT, "sh"));
        command.addAll(List.of(aot ? "aot" : "cds", unfinished.toString(), file.toString(), java.toString()));
        command.addAll(rehearsal());
        return command;
    }

    /** Where there is no shell: a JVM that may outlive us for as long as it takes to write the archive. */
    private List<String> command(Path unfinished) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add((aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + unfinished);
        command.addAll(rehearsal());
        return command;
    }

    private List<String> rehearsal() {
        return List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx64m", "-cp", jar.toString(), REHEARSAL);
    }

    /** What the first of two JVMs that make an AOT cache tells the second. */
    private static Path configurationOf(Path unfinished) {
        return Path.of(unfinished + ".config");
    }

    /** Archives of JDKs and jars that are no longer in use: each is made again in a second should it be needed. */
    private void removeOld() throws IOException {
        removeOld("worker-*", KEPT);
        removeOld("unfinished-*", UNFINISHED_KEPT);
    }

    private void removeOld(String names, Duration kept) throws IOException {
        Instant old = Instant.now().minus(kept);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(file.getParent(), names)) {
            for (Path each : files) {
                if (Files.getLastModifiedTime(each).toInstant().isBefore(old)) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static void discard(@Nullable Path unfinished) {
        try {
            if (unfinished != null) {
                Files.deleteIfExists(unfinished);
                Files.deleteIfExists(configurationOf(unfinished));
            }
        } catch (IOException e) {
            unfinished.toFile().deleteOnExit();
        }
    }

    /** Ends a rehearsal that is under way. */
    void stop() {
        closed = true;
        Process process = rehearsal;
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
