package dev.procpool.internal.os;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /**
     * Kills {@code root} and all its descendants, descendants first, so that none can slip away to a new parent. This
     * process itself is spared wherever it is among them.
     */
    public static void kill(ProcessHandle root) {
        long self = ProcessHandle.current().pid();
        try {
            for (Iterator<ProcessHandle> descendants = root.descendants().iterator(); descendants.hasNext(); ) {
                kill(descendants.next(), self);
            }
        } finally { // a heap that is full when Java loads its streams leaves them unusable for good
            kill(root, self);
        }
    }

    private static void kill(ProcessHandle process, long self) {
        if (process.pid() != self) {
            process.destroyForcibly();
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
        for (int round = 0; round < 10; round++) {
            List<ProcessHandle> found = marked(mark);
            if (found.isEmpty()) {
                return;
            }
            for (ProcessHandle process : found) {
                process.destroyForcibly();
            }
        }
    }

    /**
     * The processes whose environment holds {@code mark}, and their descendants, which may have wiped theirs; without
     * this process. None where the system doesn't tell.
     */
    public static List<ProcessHandle> marked(String mark) {
        byte[] bytes = mark.getBytes(StandardCharsets.US_ASCII);
        List<ProcessHandle> found = new ArrayList<>();
        String[] entries = PROC.list();
        if (entries == null) {
            return found; // not Linux: the descendants known to the system have to do
        }
        Set<Long> pids = new HashSet<>();
        for (String entry : entries) {
            if (Character.isDigit(entry.charAt(0)) && environmentHolds(entry, bytes)) {
                pids.add(Long.parseLong(entry));
            }
        }
        if (!pids.isEmpty()) {
            addDescendants(pids, entries);
            pids.remove(ProcessHandle.current().pid());
        }
        for (long pid : pids) {
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            if (process.isPresent()) {
                found.add(process.get());
            }
        }
        return found;
    }

    private static void addDescendants(Set<Long> pids, String[] entries) {
        Map<Long, Long> parents = new HashMap<>();
        for (String entry : entries) {
            if (Character.isDigit(entry.charAt(0))) {
                parents.put(Long.parseLong(entry), parentOf(entry));
            }
        }
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<Long, Long> entry : parents.entrySet()) {
                more |= pids.contains(entry.getValue()) && pids.add(entry.getKey());
            }
        }
    }

    /**
     * The parent, as of now, of the process of this id, or {@code self}; 0 if the system doesn't tell. It hands on a dead
     * process's children at once, before that is reaped.
     */
    public static long parentOf(String process) {
        String status = statusOf(process);
        return status.isEmpty() ? 0 : Long.parseLong(status.substring(2, status.indexOf(' ', 2)));
    }

    /** Whether the process has ended, but nobody has taken its exit code; false if the system doesn't tell. */
    public static boolean isZombie(long pid) {
        return statusOf(Long.toString(pid)).startsWith("Z");
    }

    /** What the system says of a process, from its state on: "S 4711 …"; empty if it says nothing. */
    private static String statusOf(String process) {
        try (FileInputStream stat = new FileInputStream("/proc/".concat(process).concat("/stat"))) {
            // "pid (command) state ppid …": read by hand, since ProcessHandle takes long to load
            String text = new String(stat.readAllBytes(), StandardCharsets.ISO_8859_1);
            return text.substring(text.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return ""; // no Linux, or it has ended meanwhile
        }
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
