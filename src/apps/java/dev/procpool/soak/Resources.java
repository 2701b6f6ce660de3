package dev.procpool.soak;

import dev.procpool.internal.os.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process holds at one moment.
 *
 * @param processes its descendants, and processes with the mark of this run in their environment
 * @param threads the names of the threads that belong to a pool
 * @param descriptors what it has open
 * @param mappings how many of a pool's files it has mapped
 * @param files the pools' files that have a name
 * @param heap bytes of heap in use after a collection
 * @param resident its resident set size in bytes; 0 where the system doesn't tell
 * @param outsideHeap how much of that is not heap, at least
 */
record Resources(
        Set<Long> processes,
        Set<String> threads,
        Descriptors descriptors,
        long mappings,
        Set<String> files,
        long heap,
        long resident,
        long outsideHeap) {
    private static final Path SELF = Path.of("/proc/self");

    /** {@code mark} is what the environment of all workers holds, and of what they start. */
    static Resources now(String mark) {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        long resident = residentBytes();
        return new Resources(
                Stream.concat(ProcessHandle.current().descendants(), ProcessTree.marked(mark).stream())
                        .map(ProcessHandle::pid)
                        .collect(Collectors.toCollection(TreeSet::new)),
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("procpool-") || name.startsWith(Soak.POOL))
                        .collect(Collectors.toCollection(TreeSet::new)),
                Descriptors.now(),
                lines(SELF.resolve("maps")).stream()
                        .filter(line -> line.contains("/procpool-"))
                        .count(),
                namedFiles(),
                heap,
                resident,
                Math.max(0, resident - runtime.totalMemory()));
    }

    private static Set<String> namedFiles() {
        Set<String> files = new TreeSet<>(entries(Path.of(System.getProperty("java.io.tmpdir")), "procpool-*"));
        files.addAll(entries(Path.of(File.separator, "dev", "shm"), "procpool-*"));
        return files;
    }

    private static long residentBytes() {
        for (String line : lines(SELF.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    private static List<String> entries(Path folder, String glob) {
        List<String> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
                entries.forEach(entry -> found.add(entry.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
