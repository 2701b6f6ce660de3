package dev.procpool.spark;

import dev.procpool.BrokenPoolException;
import dev.procpool.TaskExecutor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.launcher.JavaModuleOptions;

/** The way to a cluster: a context, and our code on the executors, within a bound of time. */
final class Connection {
    private static final Pattern STANDALONE_HOST =
            Pattern.compile("([^:,/\\s\\[\\]]+|\\[[0-9a-fA-F:.]+]):([0-9]{1,5})");
    private static final String STANDALONE = "spark://";
    private static final int MAX_PORT = 65535;

    /** What has been sent in a context: class paths, and the names of jars. */
    private static final Map<SparkContext, Set<String>> SENT = Collections.synchronizedMap(new WeakHashMap<>());

    private final Duration timeout;
    private final long deadline;
    private final List<Path> jars;

    /** The clock runs from now on. */
    Connection(Duration timeout, List<Path> jars) {
        this.timeout = timeout;
        this.deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        this.jars = jars;
    }

    static String checkMaster(String url) {
        if (url.startsWith(STANDALONE)) {
            for (String host : url.substring(STANDALONE.length()).split(",", -1)) {
                Matcher matcher = STANDALONE_HOST.matcher(host);
                if (!matcher.matches() || port(matcher) < 1 || port(matcher) > MAX_PORT) {
                    throw new IllegalArgumentException("master must be like spark://host:7077, but is '" + url + "': '"
                            + host + "' is no host:port");
                }
            }
            return url;
        }
        if (url.equals("local") || url.startsWith("local[")) {
            throw new IllegalArgumentException("master must be a cluster's, but is '" + url
                    + "', where tasks run in this JVM; use TaskExecutor.threads(n) for that");
        }
        if (url.equals("yarn") || url.startsWith("k8s://") || url.startsWith("local-cluster[")) {
            return url;
        }
        throw new IllegalArgumentException("master must be like spark://host:7077, but is '" + url + "'");
    }

    private static int port(Matcher host) {
        return Integer.parseInt(host.group(2));
    }

    /** A context of its own for that master, which has at least one executor. */
    JavaSparkContext open(
            String master, String name, int cores, long executorMemory, Map<String, String> userSettings) {
        checkModules();
        if (SparkContext$.MODULE$.getActive().isDefined()) {
            throw new IllegalStateException(
                    "this JVM has a Spark context already, and can have only one: use over(context)");
        }
        if (master.startsWith(STANDALONE)) {
            checkReachable(master.substring(STANDALONE.length()));
        }
        SparkConf conf = settings(master, name, cores, executorMemory);
        userSettings.forEach(conf::set);
        JavaSparkContext context = within(
                () -> new JavaSparkContext(conf),
                "the master at " + master + " did not accept the application " + bound()
                        + ": is it a Spark master, of version " + org.apache.spark.package$.MODULE$.SPARK_VERSION()
                        + "?");
        try {
            ship(context);
            return context;
        } catch (RuntimeException e) {
            boolean gaveUp = context.sc().isStopped(); // which Spark does by itself after a minute
            context.stop();
            throw gaveUp ? new BrokenPoolException("Spark gave up connecting to " + master, e) : e;
        }
    }

    private static SparkConf settings(String master, String name, int cores, long executorMemory) {
        SparkConf conf = new SparkConf()
                .setMaster(master)
                .setAppName(name)
                .set("spark.executor.cores", "1") // one slot, one JVM
                .set("spark.executor.memory", (executorMemory >> 20) + "m")
                .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:ActiveProcessorCount=1")
                .set("spark.scheduler.mode", "FAIR")
                .set("spark.task.maxFailures", "1") // we decide what is started again
                .set("spark.task.reaper.enabled", "true") // behind our own watch, which is quicker
                .set("spark.task.reaper.pollingInterval", "1s")
                .set("spark.task.reaper.killTimeout", "5s")
                .set("spark.ui.enabled", "false")
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.log.level", "ERROR");
        if (cores > 0) {
            conf.set("spark.cores.max", Integer.toString(cores));
        }
        if (master.startsWith(STANDALONE + "127.") || master.startsWith(STANDALONE + "localhost:")) {
            conf.set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1");
        }
        return conf;
    }

    /** Spark looks into the JDK's own packages, and says nothing helpful when these are closed. */
    private static void checkModules() {
        Module base = Object.class.getModule();
        if (!base.isOpen("sun.nio.ch", SparkContext.class.getModule())) {
            throw new IllegalStateException("Spark needs this JVM to be started with "
                    + String.join(" ", JavaModuleOptions.defaultModuleOptionArray()));
        }
    }

    private void checkReachable(String hosts) {
        List<String> failures = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            Matcher matcher = STANDALONE_HOST.matcher(host);
            if (!matcher.matches()) {
                throw new AssertionError(host + " was checked before");
            }
            InetSocketAddress address = within(
                    () -> new InetSocketAddress(matcher.group(1), port(matcher)),
                    "the name of the Spark master " + host + " was not resolved " + bound());
            int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, left() / 1_000_000));
            try (Socket socket = new Socket()) {
                socket.connect(address, millis);
                return;
            } catch (IOException e) {
                failures.add(host + ": " + (e.getMessage() == null ? e : e.getMessage()));
            }
        }
        throw new BrokenPoolException("no Spark master answers at " + String.join("; ", failures), null);
    }

    /** Sends the code of this JVM, unless that has been done. */
    void ship(JavaSparkContext context) {
        Set<String> sent = SENT.computeIfAbsent(context.sc(), c -> Collections.synchronizedSet(new HashSet<>()));
        String all = System.getProperty("java.class.path") + jars;
        if (sent.contains(all)) {
            return;
        }
        Path folder = codeFolder();
        Set<Path> own =
                new LinkedHashSet<>(List.of(ClassPath.of(SparkExecutor.class), ClassPath.of(TaskExecutor.class)));
        own.forEach(entry -> send(entry, folder, context, sent));
        Set<String> known = whatTheClusterHas(context);
        for (Path entry : ClassPath.entries()) {
            if (!own.contains(entry) && !known.contains(ClassPath.fileName(entry))) {
                send(entry, folder, context, sent);
            }
        }
        jars.forEach(entry -> send(entry, folder, context, sent));
        sent.add(all);
    }

    /** Spark removes it when the context is stopped. */
    private static Path codeFolder() {
        try {
            Path spark = SparkEnv.get()
                    .blockManager()
                    .diskBlockManager()
                    .localDirs()[0]
                    .toPath();
            return Files.createDirectories(spark.resolve("procpool-code"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a folder for the code to send: " + e.getMessage(), e);
        }
    }

    private static void send(Path entry, Path folder, JavaSparkContext context, Set<String> sent) {
        Path jar = ClassPath.pack(entry, folder);
        if (sent.add(String.valueOf(ClassPath.fileName(jar)))) {
            context.addJar(jar.toString());
        }
    }

    /** The first job: shows that there is an executor at all, and which jars need not be sent. */
    private Set<String> whatTheClusterHas(JavaSparkContext context) {
        JavaFutureAction<List<String>> job = context.parallelize(List.of(0), 1)
                .map(new ClassPathOfExecutor())
                .collectAsync();
        try {
            String names = job.get(left(), TimeUnit.NANOSECONDS).get(0);
            return new HashSet<>(Arrays.asList(names.split(File.pathSeparator, -1)));
        } catch (TimeoutException e) {
            job.cancel(true);
            throw new BrokenPoolException(
                    "the cluster at " + context.master() + " gave no executor " + bound()
                            + ": its workers are dead, or have no free core, or less free memory than "
                            + context.getConf().get("spark.executor.memory", "1g"),
                    null);
        } catch (ExecutionException e) {
            throw new BrokenPoolException(
                    "the cluster at " + context.master() + " could not run the first job: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            job.cancel(true);
            throw interrupted(context.master(), e);
        }
    }

    private <T> T within(Callable<T> action, String whatIfLate) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(null, task, "procpool-connect", 0, true);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(left(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new BrokenPoolException(whatIfLate, null);
        } catch (InterruptedException e) {
            task.cancel(true);
            throw interrupted("Spark", e);
        } catch (ExecutionException e) {
            throw new BrokenPoolException("cannot connect to Spark: " + e.getCause(), e.getCause());
        }
    }

    private static BrokenPoolException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new BrokenPoolException("interrupted while connecting to " + what, e);
    }

    private long left() {
        return Math.max(0, deadline - System.nanoTime());
    }

    private String bound() {
        return "within " + timeout.toMillis() / 1000.0 + " s (connectTimeout)";
    }

    /** The file names on the class path of an executor. */
    private static final class ClassPathOfExecutor implements Function<Integer, String> {
        @Override
        public String call(Integer ignored) {
            StringBuilder names = new StringBuilder();
            for (String entry :
                    String.valueOf(System.getProperty("java.class.path")).split(File.pathSeparator, -1)) {
                names.append(ClassPath.fileName(Path.of(entry))).append(File.pathSeparator);
            }
            return names.toString();
        }
    }
}
