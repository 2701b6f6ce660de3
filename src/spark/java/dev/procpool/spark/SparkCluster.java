package dev.procpool.spark;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.jspecify.annotations.Nullable;

/**
 * A real Spark cluster on this machine, to try things out: a standalone master and workers, each a process of its own, on
 * loopback, from the jars of this JVM's class path. Not for use by others: it has no authentication.
 *
 * <p>It lives in a folder of its own, which has its logs, and is gone with it. Safe for use by multiple threads.
 */
public final class SparkCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String RECORD = "cluster";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern ALIVE = Pattern.compile("\"aliveworkers\"\\s*:\\s*([0-9]+)");
    private static final int POLL_MILLIS = 50;
    private static final int ANSWER_MILLIS = 2_000;
    private static final int ATTEMPTS = 5;

    private final Path folder;
    private final String master;
    private final String console;
    private final List<ProcessHandle> processes;
    /** Null where the cluster may outlive this JVM. */
    private final @Nullable Guard guard;

    private SparkCluster(
            Path folder, String master, String console, List<ProcessHandle> processes, @Nullable Guard guard) {
        this.folder = folder;
        this.master = master;
        this.console = console;
        this.processes = processes;
        this.guard = guard;
    }

    /**
     * Starts a cluster in a temporary folder. It ends with this JVM, however that ends, if it is not closed before.
     *
     * @param workers how many worker processes, 1 or more
     * @param coresEach how many executors each of them may run at the same time, 1 or more
     * @throws IllegalArgumentException if one of them is less than 1
     * @throws IllegalStateException if it is not ready within 90 s; the message quotes the log
     */
    public static SparkCluster start(int workers, int coresEach) {
        checkSize(workers, coresEach);
        try {
            Path folder = Files.createTempDirectory("procpool-spark-");
            return start(folder, workers, coresEach, new Guard(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a cluster in a temporary folder: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a cluster in a folder, where {@link #find} finds it. It outlives this JVM unless it is closed; but if this JVM
     * ends before the cluster is ready, nothing is left of it.
     *
     * @param folder is created; is deleted with all that is in it when the cluster is stopped
     * @param workers how many worker processes, 1 or more
     * @param coresEach how many executors each of them may run at the same time, 1 or more
     * @throws IllegalArgumentException if one of them is less than 1
     * @throws IllegalStateException if the folder exists; or if the cluster is not ready within 90 s: the message quotes the
     *     log
     */
    public static SparkCluster start(Path folder, int workers, int coresEach) {
        checkSize(workers, coresEach);
        try {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(folder);
            SparkCluster guarded = start(folder, workers, coresEach, new Guard(folder));
            guarded.write();
            Objects.requireNonNull(guarded.guard).close();
            return new SparkCluster(folder, guarded.master, guarded.console, guarded.processes, null);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException(
                    folder + " exists: a cluster is being started there, or an end of the machine has left it behind",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a cluster in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static SparkCluster start(Path folder, int workers, int coresEach, Guard guard) throws IOException {
        return start(folder, workers, coresEach, guard, Ports::free);
    }

    /**
     * Anybody may take the ports that were free before the master has them. It ends then, and others are tried.
     *
     * @param ports where the master shall listen; asked once for each attempt
     */
    static SparkCluster start(Path folder, int workers, int coresEach, Guard guard, Supplier<Ports> ports)
            throws IOException {
        List<ProcessHandle> processes = new ArrayList<>();
        try {
            linkJars(folder);
            for (int attempt = 1; ; attempt++) {
                SparkCluster cluster = launch(folder, workers, coresEach, guard, ports.get(), processes);
                if (cluster.isReady(workers)) {
                    return cluster;
                }
                if (attempt == ATTEMPTS || processes.get(0).isAlive()) {
                    throw new IllegalStateException("the cluster did not start: " + cluster.logs());
                }
                stop(processes);
                processes.clear();
                guard.forget();
            }
        } catch (IOException | RuntimeException e) {
            stop(processes);
            delete(folder);
            guard.close();
            throw e;
        }
    }

    private static SparkCluster launch(
            Path folder, int workers, int coresEach, Guard guard, Ports ports, List<ProcessHandle> processes)
            throws IOException {
        String master = "spark://" + LOOPBACK + ":" + ports.master;
        processes.add(guard.watch(launch(
                folder,
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                LOOPBACK,
                "--port",
                "" + ports.master,
                "--webui-port",
                "" + ports.console)));
        for (int i = 1; i <= workers; i++) {
            processes.add(guard.watch(launch(
                    folder,
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
                    master)));
        }
        return new SparkCluster(
                folder, master, "http://" + LOOPBACK + ":" + ports.console + "/", List.copyOf(processes), guard);
    }

    private static void checkSize(int workers, int coresEach) {
        if (workers < 1 || coresEach < 1) {
            throw new IllegalArgumentException(
                    "workers and coresEach must be at least 1, but are " + workers + " and " + coresEach);
        }
    }

    /** What Spark calls its home: a folder with its jars, and whatever else of ours is no folder of classes. */
    private static void linkJars(Path folder) throws IOException {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Path own = ClassPath.of(SparkCluster.class);
        for (Path entry : ClassPath.entries()) {
            Path link = jars.resolve(String.valueOf(ClassPath.fileName(entry)));
            if (Files.isRegularFile(entry) && !entry.equals(own) && !Files.exists(link)) {
                Files.createSymbolicLink(link, entry.toAbsolutePath());
            }
        }
    }

    /** Where a master listens on loopback. */
    record Ports(int master, int console) {
        /** Two that nobody has now. */
        static Ports free() {
            try (ServerSocket master = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket console = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return new Ports(master.getLocalPort(), console.getLocalPort());
            } catch (IOException e) {
                throw new UncheckedIOException("no free port: " + e.getMessage(), e);
            }
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
                // Not one port further, where nobody would look for the master.
                "-Dspark.port.maxRetries=0",
                "-Dspark.master.rest.enabled=false",
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
        builder.environment().put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
        // Executors that are killed leave the native libraries behind that they have unpacked.
        Path temporary = Files.createDirectories(home.resolve("tmp")).toAbsolutePath();
        builder.environment().put("JAVA_TOOL_OPTIONS", "\"-Djava.io.tmpdir=" + temporary + "\"");
        builder.environment().put("JAVA_HOME", String.valueOf(System.getProperty("java.home")));
        return builder.start().toHandle();
    }

    /** Waits for the workers; false if a process has ended, or at the end of the time that a start may take. */
    private boolean isReady(int workers) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (aliveWorkers() < workers) {
            if (!processes.stream().allMatch(ProcessHandle::isAlive) || System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the cluster started", e);
            }
        }
        return true;
    }

    /** How many workers the master knows and hears from; 0 if the master doesn't answer. */
    public int aliveWorkers() {
        try {
            URLConnection connection = URI.create(console + "json/").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                Matcher matcher = ALIVE.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
            }
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
        Path complete = Files.write(folder.resolve(RECORD + ".new"), lines);
        Files.move(complete, folder.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
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
        return new SparkCluster(folder, lines.get(0), lines.get(1), processes, null);
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
        delete(folder);
        if (guard != null) {
            guard.close();
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

    /** Deletes the folder of a cluster, if it is there. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * A shell that waits for this JVM's end, then ends the processes that it was told of and deletes the folder: whatever
     * ends this JVM, and whatever Ctrl-C does to the others, nothing is left behind. Executors end with their worker.
     */
    static final class Guard implements AutoCloseable {
        private static final String SCRIPT = """
                trap '' HUP INT TERM
                pids=
                while read -r pid; do pids="${pid:+$pids $pid}"; done
                kill -9 $pids
                rm -rf -- "$0"
                """;

        private final Process shell;

        Guard(Path folder) throws IOException {
            shell = new ProcessBuilder(
                            "sh", "-c", SCRIPT, folder.toAbsolutePath().toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        ProcessHandle watch(ProcessHandle process) throws IOException {
            tell(process.pid() + "\n");
            return process;
        }

        /** The processes so far have ended: their numbers may be used again by others. */
        void forget() throws IOException {
            tell("\n");
        }

        private void tell(String line) throws IOException {
            shell.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            shell.getOutputStream().flush();
        }

        /** Nothing is left to be done, or the cluster goes on alone. */
        @Override
        public void close() {
            shell.destroyForcibly();
            hasEnded(shell.toHandle(), System.nanoTime() + STOP_TIMEOUT.toNanos());
        }
    }

    @Override
    public String toString() {
        return "SparkCluster[" + master + ", processes="
                + processes.stream().map(ProcessHandle::pid).toList() + "]";
    }
}
