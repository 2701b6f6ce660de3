package dev.procpool.internal.worker;

import java.util.ArrayDeque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps the last lines of a worker's stderr and finds in them what a dying JVM says about itself. Thread-safe. */
final class StderrTail {
    private static final int LINES = 50;
    private static final int LONGEST_LINE = 2000;

    private static final Pattern CRASH_SIGNAL = Pattern.compile("#\\s+(SIG[A-Z]+) \\(0x");
    private static final Pattern ERROR_FILE = Pattern.compile("# (\\S.*hs_err_pid\\d+\\.log)");
    private static final Pattern OUT_OF_MEMORY =
            Pattern.compile("java\\.lang\\.OutOfMemoryError|insufficient memory for the Java Runtime Environment");

    /** What options such as -XX:+ExitOnOutOfMemoryError print; what they run may end the JVM by any signal. */
    private static final List<String> MEMORY_OPTIONS = List.of(
            "Terminating due to java.lang.OutOfMemoryError",
            "Aborting due to java.lang.OutOfMemoryError",
            "# -XX:OnOutOfMemoryError=");

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private @Nullable String crashSignal;
    private @Nullable String errorFile;
    private boolean endedForMemory;

    synchronized void add(String line) {
        for (String option : MEMORY_OPTIONS) {
            endedForMemory |= line.startsWith(option);
        }
        if (line.startsWith("#")) {
            Matcher signal = CRASH_SIGNAL.matcher(line);
            if (signal.find()) {
                crashSignal = signal.group(1);
            }
            Matcher file = ERROR_FILE.matcher(line);
            if (file.find()) {
                errorFile = file.group(1);
            }
        }
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line);
    }

    /** The signal that the JVM's crash report names: the JVM itself then ends by another one, SIGABRT. */
    synchronized @Nullable String crashSignal() {
        return crashSignal;
    }

    /** Where the JVM says that it wrote its error file. */
    synchronized @Nullable String errorFile() {
        return errorFile;
    }

    /** Whether the JVM says that it did what its options demand when memory is lacking. */
    synchronized boolean endedForMemory() {
        return endedForMemory;
    }

    /** Whether the JVM's last words are of lacking memory. */
    synchronized boolean speaksOfMemory() {
        String last = lines.peekLast();
        return crashSignal == null && last != null && isAnyOf(OUT_OF_MEMORY);
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }

    private boolean isAnyOf(Pattern pattern) {
        for (String line : lines) {
            if (pattern.matcher(line).find()) {
                return true;
            }
        }
        return false;
    }
}
