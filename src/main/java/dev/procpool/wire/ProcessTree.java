package dev.procpool.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds and ends what a worker has started. Descendants are known to the operating system only as long as each link of
 * the chain lives; so every worker also carries a mark in its environment, which its descendants inherit, and on Linux
 * those that lost their parents are found by it.
 */
public final class ProcessTree {
    /** The environment variable that holds the marks, outermost pool first. */
    public static final String MARK_VARIABLE = "PROCPOOL_WORKER";

    private static final int SHORTEST_MARK = 30;
    private static final Path PROC = Path.of("/proc");

    private ProcessTree() {}

    /** Kills {@code root} and all its descendants, descendants first, so that none can slip away to a new parent. */
    public static void kill(ProcessHandle root) {
        List<ProcessHandle> descendants = root.descendants().collect(Collectors.toList());
        descendants.forEach(ProcessHandle::destroyForcibly);
        if (root.pid() != ProcessHandle.current().pid()) {
            root.destroyForcibly();
        }
    }

    /**
     * Kills every process whose environment holds {@code mark}, but not this one. Looks again until it finds none, since
     * a process may fork while we look; bounded, since one that can't be killed must not hold us up for ever.
     */
    public static void killMarked(String mark) {
        if (mark.length() < SHORTEST_MARK) {
            throw new IllegalArgumentException("a mark must be unmistakable, but this is \"" + mark + "\"");
        }
        byte[] bytes = mark.getBytes(StandardCharsets.US_ASCII);
        for (int round = 0; round < 10; round++) {
            List<ProcessHandle> found = marked(bytes);
            if (found.isEmpty()) {
                return;
            }
            found.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static List<ProcessHandle> marked(byte[] mark) {
        List<ProcessHandle> found = new ArrayList<>();
        if (!Files.isDirectory(PROC)) {
            return found; // not Linux: the descendants known to the system have to do
        }
        long self = ProcessHandle.current().pid();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != self && environmentHolds(process, mark)) {
                    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
                    if (handle.isPresent()) {
                        found.add(handle.get());
                    }
                }
            }
        } catch (IOException e) {
            return found; // /proc can't be listed here: the same as no /proc
        }
        return found;
    }

    private static boolean environmentHolds(Path process, byte[] mark) {
        byte[] environment;
        try {
            environment = Files.readAllBytes(process.resolve("environ"));
        } catch (IOException e) {
            return false; // ended meanwhile, or somebody else's: not ours to kill
        }
        next:
        for (int from = 0; from <= environment.length - mark.length; from++) {
            for (int i = 0; i < mark.length; i++) {
                if (environment[from + i] != mark[i]) {
                    continue next;
                }
            }
            return true;
        }
        return false;
    }
}
