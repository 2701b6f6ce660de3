package dev.procpool.spark;

import dev.procpool.Codec;
import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.SerializableFunction;
import dev.procpool.TaskExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.TaskSerializationException.Stage;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.wire.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on a Spark cluster: more than one machine, and the same program as on one.
 *
 * <pre>{@code
 * try (TaskExecutor executor = SparkExecutor.connect("spark://master:7077")) { // was: ProcessPoolExecutor.create()
 *     PoolFuture<String> digest = executor.submit(() -> sha256(data));
 *     System.out.println(digest.get());
 * }
 * }</pre>
 *
 * <p>The class path of this JVM goes to the cluster, except for what the cluster has. Each slot is a JVM of its own, an
 * <em>executor</em> in Spark's words; so one task runs in it at a time, and a task can be stopped by ending its executor,
 * which Spark replaces. Safe for use by multiple threads.
 *
 * <h2>What differs from {@link dev.procpool.ProcessPoolExecutor}</h2>
 *
 * <table>
 *   <caption>What Spark can't give, or gives later</caption>
 *   <tr><th></th><th>the local pool</th><th>here</th></tr>
 *   <tr><td>a task starts at most once</td><td>always</td>
 *     <td>except for tiny ones (see {@link Builder#maxGroup}): executors fetch them in groups, and when one dies within
 *     the first 20 ms of a group, all of that group for which there is no result are started again, one by one</td></tr>
 *   <tr><td>a result computed before a crash</td><td>is delivered</td>
 *     <td>is delivered if it had been sent: at the end of its group, or after 20 ms</td></tr>
 *   <tr><td>a task that was cancelled, or is late, no longer runs</td><td>after 250 ms</td>
 *     <td>after 250 ms and a round trip to its executor</td></tr>
 *   <tr><td>{@code status()} is RUNNING</td><td>when the task really started</td>
 *     <td>when the executor that is about to start it was told to</td></tr>
 *   <tr><td>{@link dev.procpool.WorkerCrashedException}</td><td>signal, exit code, stderr, error file</td>
 *     <td>what Spark says: the exit code as a rule; stderr stays on the worker, in Spark's work folder</td></tr>
 *   <tr><td>a frozen worker</td><td>{@code heartbeatTimeout}</td><td>{@code spark.network.timeout}, 120 s</td></tr>
 *   <tr><td>{@code System.out} of tasks</td><td>appears here</td>
 *     <td>stays on the worker, in Spark's work folder</td></tr>
 *   <tr><td>workers outlive the parent</td><td>never by more than a second</td>
 *     <td>until the master sees that the application is gone</td></tr>
 *   <tr><td>{@code SharedBytes}</td><td>mapped by all workers</td><td>on one machine only</td></tr>
 *   <tr><td>the size of a task or result</td><td>1 GiB</td><td>256 MiB</td></tr>
 * </table>
 */
public final class SparkExecutor implements TaskExecutor {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    /** Nobody else uses that cluster; only the machine can be busy. */
    private static final Duration PRIVATE_CONNECT_TIMEOUT = Duration.ofMinutes(2);

    private final Leases leases;
    private final Cluster cluster;
    private final AtomicLong taskIds;
    private final TaskOptions options;
    private final TaskEncoder encoder = new TaskEncoder(Codec.javaSerialization());

    private SparkExecutor(Leases leases, Cluster cluster, AtomicLong taskIds, TaskOptions options) {
        this.leases = leases;
        this.cluster = cluster;
        this.taskIds = taskIds;
        this.options = options;
    }

    /**
     * An executor on all free cores of a cluster; {@link #builder()} has the choices.
     *
     * @param master such as {@code spark://host:7077}
     * @throws IllegalArgumentException if that is no master's URL
     * @throws dev.procpool.BrokenPoolException if the master doesn't answer, or the cluster gives no executor, within 60 s
     */
    public static SparkExecutor connect(String master) {
        return builder().master(master).build();
    }

    /** As {@link #connect(String)}, but on that many cores of the cluster. */
    public static SparkExecutor connect(String master, int cores) {
        return builder().master(master).cores(cores).build();
    }

    /**
     * An executor on a cluster of its own on this machine, to try things out: a master and {@code workers} workers of one
     * core each, which end with the executor, or with this JVM.
     *
     * @throws IllegalArgumentException if {@code workers} is less than 1
     * @throws IllegalStateException if the cluster does not start; the message quotes its log
     */
    public static SparkExecutor onPrivateCluster(int workers) {
        SparkCluster cluster = SparkCluster.start(workers, 1);
        try {
            return builder()
                    .master(cluster.master())
                    .cores(workers)
                    .connectTimeout(PRIVATE_CONNECT_TIMEOUT)
                    .atEnd(cluster::close)
                    .build();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** What to set before {@link Builder#build}. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public <T> PoolFuture<T> submit(Callable<T> task) {
        return send(Objects.requireNonNull(task, "task"), null);
    }

    @Override
    public <T> PoolFuture<T> submit(Runnable task, @Nullable T result) {
        return send(Objects.requireNonNull(task, "task"), result);
    }

    private <T> PoolFuture<T> send(Object task, @Nullable T result) {
        Payload body = new Payload();
        try {
            encoder.encodeTask(task, body);
        } catch (EncodeException e) {
            throw new TaskSerializationException(Stage.TASK_ENCODE, e.getMessage(), e);
        }
        if (body.length() > Leases.MAX_LENGTH) {
            throw new TaskSerializationException(
                    Stage.TASK_ENCODE,
                    "the task has " + body.length() + " bytes, the limit is " + Leases.MAX_LENGTH
                            + "; put large data on storage that all machines share",
                    null);
        }
        SparkTask<T> future = new SparkTask<>(leases, taskIds.incrementAndGet(), options, body, task, result);
        leases.submit(future);
        return future;
    }

    /** As in the interface, but the deadline of this view holds for each item. */
    @Override
    public <T, R> Stream<R> map(
            SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items, MapOptions mapOptions) {
        return TaskExecutor.super.map(
                fn,
                items,
                mapOptions.timeout().isPresent()
                        ? mapOptions
                        : options.timeout().map(mapOptions::timeout).orElse(mapOptions));
    }

    @Override
    public TaskExecutor with(TaskOptions options) {
        return new SparkExecutor(leases, cluster, taskIds, Objects.requireNonNull(options, "options"));
    }

    /** The cores asked for; or, if none were asked for, the executors that there are at the moment. */
    @Override
    public int parallelism() {
        return cluster.slots();
    }

    @Override
    public void shutdown() {
        leases.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return leases.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return leases.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return leases.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return leases.awaitTermination(timeout, unit);
    }

    /** Called by a callback of this executor, it doesn't wait: that callback could never end. */
    @Override
    public void close() {
        if (leases.isRunningOn(Thread.currentThread())) {
            shutdown();
        } else {
            TaskExecutor.super.close();
        }
    }

    @Override
    public String toString() {
        return leases.toString();
    }

    /** Settings of a {@link SparkExecutor}. Not thread-safe. */
    public static final class Builder {
        private static final int MAX_GROUP = 1000;

        private @Nullable String master;
        private @Nullable JavaSparkContext context;
        private String applicationName = "procpool";
        private int cores;
        private long executorMemory = 512L << 20;
        private Duration connectTimeout = Duration.ofSeconds(60);
        private int maxGroup = MAX_GROUP;
        private final List<Path> jars = new ArrayList<>();
        private final Map<String, String> conf = new LinkedHashMap<>();

        private Runnable atEnd = () -> {};

        private Builder() {}

        /** What to do when the executor has terminated. */
        Builder atEnd(Runnable action) {
            atEnd = action;
            return this;
        }

        /**
         * Sets the cluster's master: {@code spark://host:port}, or several of them separated by commas;
         * {@code local-cluster[workers,1,megabytes]}; or what Spark's documentation says of other cluster managers.
         *
         * @throws IllegalArgumentException if it is none of these, or {@code local}, where tasks would run in this JVM
         */
        public Builder master(String url) {
            master = Connection.checkMaster(url);
            return this;
        }

        /**
         * Uses a context that is there already, in place of a {@link #master}: a JVM can have only one. It stays open when
         * the executor is closed. Its executors should have one core each ({@code spark.executor.cores=1}): where they
         * have more, tasks share a JVM, and a task that has to be killed takes its neighbours with it.
         *
         * @throws IllegalArgumentException if it is a local one, or has {@code spark.speculation} on, by which a task
         *     could start twice
         */
        public Builder over(JavaSparkContext context) {
            if (context.sc().isLocal()) {
                throw new IllegalArgumentException("over needs the context of a cluster, but its master is "
                        + context.master() + "; use TaskExecutor.threads(n) within one JVM");
            }
            if (context.getConf().getBoolean("spark.speculation", false)) {
                throw new IllegalArgumentException(
                        "over needs a context with spark.speculation=false: with it a task could start twice");
            }
            this.context = context;
            return this;
        }

        /** Sets the name under which the cluster shows the application; {@code procpool} by default. */
        public Builder applicationName(String name) {
            applicationName = Objects.requireNonNull(name, "applicationName");
            return this;
        }

        /**
         * Sets how many cores to take, and so how many tasks run at the same time; by default all that are free.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder cores(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("cores must be at least 1, but is " + n);
            }
            cores = n;
            return this;
        }

        /**
         * Sets the heap of each executor; 512 MiB by default. A worker that has less memory free starts none.
         *
         * @param bytes at least 450 MiB, below which Spark starts no executor
         * @throws IllegalArgumentException if it is less
         */
        public Builder executorMemory(long bytes) {
            if (bytes < 450L << 20) {
                throw new IllegalArgumentException(
                        "executorMemory must be at least " + (450L << 20) + " bytes, but is " + bytes);
            }
            executorMemory = bytes;
            return this;
        }

        /** Adds jars, or folders with classes, that tasks need and that are not on the class path here. */
        public Builder jars(Path... more) {
            jars.addAll(List.of(more));
            return this;
        }

        /**
         * Sets how long to wait for the master and its first executor, and later for any executor when tasks wait and
         * none is left; 60 s by default. Too short: a busy cluster counts as broken; too long: a dead one is noticed late.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("connectTimeout must be longer than zero, but is " + timeout);
            }
            connectTimeout = timeout;
            return this;
        }

        /**
         * Sets how many tiny tasks an executor may fetch at a time; 1000 by default. 1 makes sure that no task is ever
         * started twice, at the price of a round trip for each, about a millisecond. Tasks that take longer than some
         * milliseconds are fetched one by one anyway.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxGroup(int tasks) {
            if (tasks < 1) {
                throw new IllegalArgumentException("maxGroup must be at least 1, but is " + tasks);
            }
            maxGroup = tasks;
            return this;
        }

        /** Sets any property of Spark's, such as {@code spark.authenticate} or {@code spark.network.crypto.enabled}. */
        public Builder conf(String key, String value) {
            conf.put(key, value);
            return this;
        }

        /**
         * Connects.
         *
         * @throws IllegalStateException if neither {@link #master} nor {@link #over} was called, or if this JVM has a Spark
         *     context already
         * @throws dev.procpool.BrokenPoolException if the master refuses or doesn't answer, or there is no executor within
         *     the {@link #connectTimeout}
         */
        public SparkExecutor build() {
            Connection connection = new Connection(connectTimeout, jars);
            Cluster cluster;
            if (context != null) {
                connection.ship(context);
                cluster = new Cluster(context, false, cores, atEnd);
            } else if (master != null) {
                cluster = new Cluster(
                        connection.open(master, applicationName, cores, executorMemory, conf), true, cores, atEnd);
            } else {
                throw new IllegalStateException("set the master, or a context by over");
            }
            String name = "procpool-spark-" + NUMBERS.incrementAndGet();
            Leases leases = new Leases(name, cluster, maxGroup, TimeUnit.NANOSECONDS.convert(connectTimeout));
            return new SparkExecutor(leases, cluster, new AtomicLong(), TaskOptions.defaults());
        }
    }
}
