package dev.procpool.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux tells of processes. */
final class Proc {
    static final String VOLUNTARY = "voluntary_ctxt_switches";
    static final String INVOLUNTARY = "nonvoluntary_ctxt_switches";

    private Proc() {}

    static long pid() {
        return ProcessHandle.current().pid();
    }

    /** CPU seconds that the living threads of a process and of its living descendants have used, to the nanosecond. */
    static double cpuOfTree(Process root) {
        return Stream.concat(Stream.of(root.toHandle()), root.descendants())
                        .flatMap(process -> threads(Long.toString(process.pid())))
                        .mapToLong(thread -> {
                            String times = read(thread.resolve("schedstat"));
                            return times.isEmpty() ? 0 : Long.parseLong(times.split(" ", 2)[0]);
                        })
                        .sum()
                / 1e9;
    }

    /** None if the process has ended. */
    private static Stream<Path> threads(String pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", pid, "task"))) {
            return threads.toList().stream();
        } catch (NoSuchFileException e) {
            return Stream.empty(); // a child that makes an archive may end at any time
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The resident set of a process in MB. */
    static double residentMegabytes(long pid) {
        return number(Path.of("/proc", Long.toString(pid), "status"), "VmRSS") / 1e3;
    }

    /** The memory of a process in MB, with what it shares divided among those that share it. */
    static double proportionalMegabytes(long pid) {
        return number(Path.of("/proc", Long.toString(pid), "smaps_rollup"), "Pss") / 1e3;
    }

    /** How often each thread of this process went to sleep, if {@code VOLUNTARY}, or lost its core to others. */
    static Map<String, Long> switches(String kind) {
        return threads("self")
                .collect(Collectors.toMap(Path::toString, thread -> number(thread.resolve("status"), kind)));
    }

    /** The switches between two looks of those threads that were there at both. */
    static long between(Map<String, Long> before, Map<String, Long> after) {
        return before.entrySet().stream()
                .mapToLong(thread -> Math.max(0, after.getOrDefault(thread.getKey(), 0L) - thread.getValue()))
                .sum();
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
