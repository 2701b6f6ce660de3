package dev.procpool.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the operating system tells about memory: Linux by its files, other systems through the JVM's beans. */
public final class Machine {
    private static final long PAGE = 4096;
    private static final int MOST_DIGITS = 18;

    private Machine() {}

    /** Bytes of memory that this process may use: the machine's, or its control group's if that is less. */
    public static long memory() {
        long machine = Long.MAX_VALUE;
        for (String line : lines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                machine = Long.parseLong(line.substring("MemTotal:".length(), line.lastIndexOf(' '))
                                .trim())
                        * 1024;
            }
        }
        if (machine == Long.MAX_VALUE) {
            return Runtime.getRuntime().maxMemory() * 4; // the JVM's default heap is a quarter of the machine
        }
        for (String group : new String[] {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
            for (String line : lines(Path.of(group))) {
                if (!line.equals("max") && line.length() <= MOST_DIGITS) {
                    machine = Math.min(machine, Long.parseLong(line));
                }
            }
        }
        return machine;
    }

    /** The resident set size of a process in bytes, where the system tells. */
    public static OptionalLong residentSetSize(long pid) {
        for (String line : lines(Path.of("/proc/" + pid + "/statm"))) {
            int from = line.indexOf(' ') + 1;
            int to = line.indexOf(' ', from);
            return OptionalLong.of(Long.parseLong(line.substring(from, to)) * PAGE);
        }
        return OptionalLong.empty();
    }

    private static Iterable<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return java.util.List.of(); // another system, or the process has ended
        }
    }
}
