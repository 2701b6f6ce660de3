package dev.procpool.lab.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run was measured.
 *
 * @param started when, in UTC
 * @param cpu model name
 * @param cores what this JVM may use
 * @param memoryBytes physical memory
 * @param system kernel and its version
 * @param load the load averages over 1, 5 and 15 minutes before the run
 * @param jdk version, vendor and VM
 * @param python version of CPython
 * @param cc version of the C compiler
 * @param commit the commit of the sources; ends with "-dirty" if they were changed
 */
public record BenchEnvironment(
        String started,
        String cpu,
        int cores,
        long memoryBytes,
        String system,
        String load,
        String jdk,
        String python,
        String cc,
        String commit) {
    private static final String NOT_HERE = "not here";

    static BenchEnvironment current(Path root) throws InterruptedException {
        return new BenchEnvironment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                firstMatch("/proc/cpuinfo", "model name\\s*:\\s*(.+)", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(firstMatch("/proc/meminfo", "MemTotal:\\s*(\\d+) kB", "0")) * 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                firstMatch("/proc/loadavg", "(\\S+ \\S+ \\S+)", "unknown"),
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("java.vm.name"),
                firstLine("python3", "--version"),
                firstLine("cc", "--version"),
                firstLine("git", "-C", root.toString(), "describe", "--always", "--dirty", "--abbrev=12"));
    }

    private static String firstMatch(String file, String regex, String otherwise) {
        try {
            Matcher matcher = Pattern.compile(regex).matcher(Files.readString(Path.of(file)));
            return matcher.find() ? matcher.group(1).strip() : otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }

    private static String firstLine(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output.lines().findFirst().orElse(NOT_HERE) : NOT_HERE;
        } catch (IOException e) {
            return NOT_HERE;
        }
    }
}
