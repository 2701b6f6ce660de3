package dev.procpool.lab.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CPU time and memory of this process and of its descendants, apart, as Linux's {@code /proc} tells. On systems without it
 * nothing is known.
 *
 * <p>CPU time comes in ticks of 10 ms, so it is good to 1% from a second on. The time of a process that has ended counts
 * for the one that waited for it: so nothing is lost when workers come and go.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    /** Fields of {@code /proc/PID/stat}, counted after the name, which ends with the last parenthesis. */
    private static final int UTIME = 11;

    private static final int STIME = 12;
    private static final int CUTIME = 13;
    private static final int CSTIME = 14;

    private ProcessTree() {}

    /** Whether this system can tell. */
    static boolean isKnown() {
        return Files.isReadable(PROC.resolve("self/stat"));
    }

    /** CPU seconds that this process has used. */
    static double ownCpu() {
        return ticks(ProcessHandle.current().pid(), UTIME, STIME) / TICKS_PER_SECOND;
    }

    /** CPU seconds that all descendants have used, ended ones included if they were waited for. */
    static double childrenCpu() {
        long ended = ticks(ProcessHandle.current().pid(), CUTIME, CSTIME);
        long alive = sumOverDescendants(pid -> ticks(pid, UTIME, STIME, CUTIME, CSTIME));
        return (ended + alive) / TICKS_PER_SECOND;
    }

    /** The most memory that this process ever held, in bytes. */
    static long ownPeak() {
        return peak(ProcessHandle.current().pid());
    }

    /** The sum of the most memory that each living descendant ever held, in bytes. */
    static long childrenPeak() {
        return sumOverDescendants(ProcessTree::peak);
    }

    private static long sumOverDescendants(ToLongFunction<Long> value) {
        return ProcessHandle.current()
                .descendants()
                .mapToLong(child -> value.applyAsLong(child.pid()))
                .sum();
    }

    private static long peak(long pid) {
        Matcher matcher = PEAK.matcher(read(pid, "status"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
    }

    private static long ticks(long pid, int... fields) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long sum = 0;
        for (int field : fields) {
            sum += Long.parseLong(values[field]);
        }
        return sum;
    }

    /** Empty for a process that has ended meanwhile. */
    private static String read(long pid, String file) {
        try {
            return Files.readString(PROC.resolve(pid + "/" + file));
        } catch (IOException e) {
            return "";
        }
    }
}
