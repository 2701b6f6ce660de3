package dev.procpool.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux tells of processes. */
final class Proc {
    private static final double TICKS_PER_SECOND = 100;
    /** Of the fields of {@code /proc/PID/stat} that follow the name: user and system time. */
    private static final int UTIME = 11;

    private static final int STIME = 12;

    private Proc() {}

    static long pid() {
        return ProcessHandle.current().pid();
    }

    /** CPU seconds that this process and its living descendants have used; they come in ticks of 10 ms. */
    static double cpuOfTree() {
        return Stream.concat(
                                Stream.of(ProcessHandle.current()),
                                ProcessHandle.current().descendants())
                        .mapToLong(process -> ticks(process.pid()))
                        .sum()
                / TICKS_PER_SECOND;
    }

    private static long ticks(long pid) {
        String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
    }

    /** The resident set of a process in MB. */
    static double residentMegabytes(long pid) {
        return number(Path.of("/proc", Long.toString(pid), "status"), "VmRSS") / 1e3;
    }

    /** The memory of a process in MB, with what it shares divided among those that share it. */
    static double proportionalMegabytes(long pid) {
        return number(Path.of("/proc", Long.toString(pid), "smaps_rollup"), "Pss") / 1e3;
    }

    /** How often threads of this process that are alive now went to sleep. */
    static long voluntarySwitches() {
        return sumOverThreads("voluntary_ctxt_switches");
    }

    /** How often threads of this process that are alive now lost their core to others. */
    static long involuntarySwitches() {
        return sumOverThreads("nonvoluntary_ctxt_switches");
    }

    private static long sumOverThreads(String field) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            List<Path> statuses =
                    threads.map(thread -> thread.resolve("status")).toList();
            return statuses.stream().mapToLong(status -> number(status, field)).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number behind {@code field}; 0 if the process or thread has ended. */
    private static long number(Path file, String field) {
        Matcher matcher =
                Pattern.compile("^" + field + ":\\s+(\\d+)", Pattern.MULTILINE).matcher(read(file));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
