package dev.procpool.lab.measure;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run was measured.
 *
 * @param machine what must be the same when a run goes on: CPU, cores, memory, kernel, JDK
 * @param started when, in UTC
 * @param loadBefore the load averages over 1, 5 and 15 minutes before the run
 * @param flags the flags of the lab's own JVM, which measuring JVMs don't get; of files the names, without the folders
 * @param python the version of CPython, or "none"
 * @param spinsPerMicrosecond how many steps of {@link SpinTask} one core does in a microsecond
 */
public record Environment(
        Machine machine,
        String started,
        List<Double> loadBefore,
        List<String> flags,
        String python,
        double spinsPerMicrosecond) {
    private static final String WHICH_PYTHON =
            "import platform, sys; print('Python', platform.python_version()); print(sys.executable)";
    private static final int PYTHON_SECONDS = 10;
    private static final Pattern FOLDER = Pattern.compile("(?<=[=:])/[^:]*/");

    /**
     * The machine.
     *
     * @param cpu model name
     * @param cores what the JVM may use, by affinity and cgroup
     * @param cgroupCpuMax the cgroup's quota and period, or "none"
     * @param memoryBytes physical memory
     * @param system kernel and its version
     * @param jdk version, vendor and VM
     * @param collectors the garbage collectors that a plain JVM takes here
     * @param javaToolOptions the variable that any JVM reads, or "none"
     */
    public record Machine(
            String cpu,
            int cores,
            String cgroupCpuMax,
            long memoryBytes,
            String system,
            String jdk,
            List<String> collectors,
            String javaToolOptions) {}

    /** What this JVM sees now. */
    public static Environment current() {
        Runtime.Version version = Runtime.version();
        Machine machine = new Machine(
                firstMatch(Path.of("/proc/cpuinfo"), "model name\\s*:\\s*(.+)", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                firstMatch(Path.of("/sys/fs/cgroup/cpu.max"), "(.+)", "none"),
                Long.parseLong(firstMatch(Path.of("/proc/meminfo"), "MemTotal:\\s*(\\d+) kB", "0")) * 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                version + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.vm.name"),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(GarbageCollectorMXBean::getName)
                        .toList(),
                System.getenv().getOrDefault("JAVA_TOOL_OPTIONS", "none"));
        List<String> python = findPython();
        return new Environment(
                machine,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                loadAverages(),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .map(flag -> FOLDER.matcher(flag).replaceAll(""))
                        .toList(),
                python.isEmpty() ? "none" : python.get(0),
                SpinTask.calibrate());
    }

    /** Whether CPython can be measured. */
    public boolean hasPython() {
        return !python.equals("none");
    }

    /** The interpreter itself, behind whatever starts it by the name of python3; empty without CPython. */
    public static String pythonExecutable() {
        List<String> python = findPython();
        return python.isEmpty() ? "" : python.get(1);
    }

    private static List<Double> loadAverages() {
        String load = firstMatch(Path.of("/proc/loadavg"), "(\\S+ \\S+ \\S+)", "");
        return load.isEmpty()
                ? List.of()
                : Pattern.compile(" ").splitAsStream(load).map(Double::valueOf).toList();
    }

    /** Version and interpreter; empty without CPython. */
    private static List<String> findPython() {
        try {
            Process python = new ProcessBuilder("python3", "-c", WHICH_PYTHON)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            boolean works = python.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS) && python.exitValue() == 0;
            return works && lines.size() == 2 ? lines : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private static String firstMatch(Path file, String regex, String otherwise) {
        try {
            Matcher matcher = Pattern.compile(regex).matcher(Files.readString(file));
            return matcher.find() ? matcher.group(1).strip() : otherwise;
        } catch (IOException e) {
            return otherwise;
        }
    }
}
