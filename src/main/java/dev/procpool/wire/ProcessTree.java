package dev.procpool.wire;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;

/**
 * Finds and ends what a worker has started. Descendants are known to the operating system only as long as each link of
 * the chain lives; so every worker also carries a mark in its environment, which its descendants inherit, and on Linux
 * those that lost their parents are found by it.
 *
 * <p>All this happens in a JVM that has other things to do with its processor, and where it has never run before: so it
 * takes the plainest ways, whose classes are already there.
 */
public final class ProcessTree {
    /** The environment variable that holds the marks, outermost pool first. */
    public static final String MARK_VARIABLE = "PROCPOOL_WORKER";

    private static final int SHORTEST_MARK = 30;
    private static final File PROC = new File("/proc");

    private ProcessTree() {}

    /** Kills {@code root} and all its descendants, descendants first, so that none can slip away to a new parent. */
    public static void kill(ProcessHandle root) {
        for (Iterator<ProcessHandle> descendants = root.descendants().iterator(); descendants.hasNext(); ) {
            descendants.next().destroyForcibly();
        }
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
        int round = 0;
        while (round < 10 && killMarked(bytes)) {
            round++;
        }
    }

    /** Whether there was any. */
    private static boolean killMarked(byte[] mark) {
        String[] entries = PROC.list();
        if (entries == null) {
            return false; // not Linux: the descendants known to the system have to do
        }
        boolean any = false;
        long self = ProcessHandle.current().pid();
        for (String entry : entries) {
            if (Character.isDigit(entry.charAt(0)) && environmentHolds(entry, mark)) {
                long pid = Long.parseLong(entry);
                Optional<ProcessHandle> found = pid == self ? Optional.empty() : ProcessHandle.of(pid);
                if (found.isPresent()) {
                    any |= found.get().destroyForcibly();
                }
            }
        }
        return any;
    }

    private static boolean environmentHolds(String pid, byte[] mark) {
        byte[] environment;
        try (FileInputStream file = new FileInputStream("/proc/".concat(pid).concat("/environ"))) {
            environment = file.readAllBytes();
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
