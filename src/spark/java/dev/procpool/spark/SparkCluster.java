package dev.procpool.spark;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A real Spark cluster on this machine, to try things out: a standalone master and workers, each a process of its own, on
 * loopback, from the jars of this JVM's class path. Not for use by others: it has no authentication.
 *
 * <p>It lives in a folder of its own, which has its logs, and is gone with it. It survives this JVM unless it is closed.
 * Safe for use by multiple threads.
 */
public final class SparkCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String RECORD = "cluster";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern ALIVE = Pattern.compile("\"aliveworkers\"\\s*:\\s*([0-9]+)");
    private static final int POLL_MILLIS = 50;

    private final Path folder;
    private final String master;
    private final String console;
    private final List<ProcessHandle> processes;

    private SparkCluster(Path folder, String master, String console, List<ProcessHandle> processes) {
        this.folder = folder;
        this.master = master;
        this.console = console;
        this.processes = processes;
    }

    /**
     * Starts a cluster in a temporary folder.
     *
     * @param workers how many worker processes, 1 or more
     * @param coresEach how many executors each of them may run at the same time, 1 or more
     * @throws IllegalArgumentException if one of them is less than 1
     * @throws IllegalStateException if it is not ready within 90 s; the message quotes the log
     */
    public static SparkCluster start(int workers, int coresEach) {
        try {
            return start(Files.createTempDirectory("procpool-spark-"), workers, coresEach);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary folder: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a cluster in a folder, where {@link #find} finds it.
     *
     * @param folder is created; what is in it is deleted when the cluster is stopped
     * @param workers how many worker processes, 1 or more
     * @param coresEach how many executors each of them may run at the same time, 1 or more
     * @throws IllegalArgumentException if one of them is less than 1
     * @throws IllegalStateException if it is not ready within 90 s; the message quotes the log
     */
    public static SparkCluster start(Path folder, int workers, int coresEach) {
        atLeastOne("workers", workers);
        atLeastOne("coresEach", coresEach);
        List<ProcessHandle> processes = new ArrayList<>();
        try {
            Path home = linkJars(folder);
            int port = freePort();
            int consolePort = freePort();
            String master = "spark://" + LOOPBACK + ":" + port;
            processes.add(launch(
                    home,
                    "master",
                    "org.apache.spark.deploy.master.Master",
                    "--host",
                    LOOPBACK,
                    "--port",
                    "" + port,
                    "--webui-port",
                    "" + consolePort));
            for (int i = 1; i <= workers; i++) {
                processes.add(launch(
                        home,
                        "worker-" + i,
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        LOOPBACK,
                        "--port",
                        "0",
                        "--webui-port",
                        "0",
                        "-c",
                        "" + coresEach,
                        "-m",
                        coresEach + "g",
                        "-d",
                        folder.resolve("work-" + i).toString(),
                        master));
            }
            SparkCluster cluster =
                    new SparkCluster(folder, master, "http://" + LOOPBACK + ":" + consolePort + "/", processes);
            cluster.awaitReady(workers);
            cluster.write();
            return cluster;
        } catch (IOException | RuntimeException e) {
            stop(processes);
            delete(folder);
            throw e instanceof RuntimeException unchecked
                    ? unchecked
                    : new UncheckedIOException(
                            "cannot start a cluster in " + folder + ": " + e.getMessage(), (IOException) e);
        }
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but is " + value);
        }
    }

    /** What Spark calls its home: a folder with its jars, and whatever else of ours is no folder of classes. */
    private static Path linkJars(Path folder) throws IOException {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Path own = ClassPath.of(SparkCluster.class);
        for (Path entry : ClassPath.entries()) {
            Path link = jars.resolve(String.valueOf(ClassPath.fileName(entry)));
            if (Files.isRegularFile(entry) && !entry.equals(own) && !Files.exists(link)) {
                Files.createSymbolicLink(link, entry.toAbsolutePath());
            }
        }
        return folder;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static ProcessHandle launch(Path home, String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java")
                .toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                home.resolve("jars") + File.separator + "*",
                main));
        command.addAll(List.of(arguments));
        Path log = home.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", LOOPBACK);
        builder.environment().put("JAVA_HOME", String.valueOf(System.getProperty("java.home")));
        return builder.start().toHandle();
    }

    private void awaitReady(int workers) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (aliveWorkers() < workers) {
            if (!processes.stream().allMatch(ProcessHandle::isAlive) || System.nanoTime() > deadline) {
                throw new IllegalStateException("the cluster did not start: " + logs());
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the cluster started", e);
            }
        }
    }

    /** How many workers the master knows and hears from; 0 if the master doesn't answer. */
    public int aliveWorkers() {
        try (InputStream in = URI.create(console + "json/").toURL().openStream()) {
            Matcher matcher = ALIVE.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log);
                text.append("\n  ").append(log.getFileName());
                lines.subList(Math.max(0, lines.size() - 5), lines.size())
                        .forEach(line -> text.append("\n    ").append(line));
            }
        }
        return text.toString();
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>(List.of(master, console));
        processes.forEach(process -> lines.add(process.pid() + " " + startOf(process)));
        Files.write(folder.resolve(RECORD), lines);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
    }

    /**
     * The cluster that was started in a folder; it may be dead.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public static SparkCluster find(Path folder) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(RECORD));
        List<ProcessHandle> processes = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            String[] words = line.split(" ", -1);
            // A number may be used again by another process; it didn't start at the same time.
            ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> startOf(process) == Long.parseLong(words[1]))
                    .ifPresent(processes::add);
        }
        return new SparkCluster(folder, lines.get(0), lines.get(1), processes);
    }

    /** Where to connect: {@code spark://127.0.0.1:port}. */
    public String master() {
        return master;
    }

    /** The master's page for people. */
    public String console() {
        return console;
    }

    /** The processes: the master, then the workers. */
    public List<ProcessHandle> processes() {
        return List.copyOf(processes);
    }

    /** Whether any of its processes lives. */
    public boolean isAlive() {
        return processes.stream().anyMatch(ProcessHandle::isAlive);
    }

    /** Ends all processes, executors included, and deletes the folder. */
    @Override
    public synchronized void close() {
        stop(processes);
        if (Files.exists(folder)) {
            delete(folder);
        }
    }

    private static void stop(List<ProcessHandle> processes) {
        List<ProcessHandle> all = new ArrayList<>(processes);
        processes.forEach(process -> process.descendants().forEach(all::add));
        all.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        for (ProcessHandle process : all) {
            if (!hasEnded(process, deadline)) {
                process.destroyForcibly();
                hasEnded(process, System.nanoTime() + STOP_TIMEOUT.toNanos());
            }
        }
    }

    private static boolean hasEnded(ProcessHandle process, long deadline) {
        try {
            process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "SparkCluster[" + master + ", processes="
                + processes.stream().map(ProcessHandle::pid).toList() + "]";
    }
}
