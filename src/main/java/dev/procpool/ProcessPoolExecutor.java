package dev.procpool;

import dev.procpool.internal.codec.Filters;
import dev.procpool.internal.dispatch.PoolSettings;
import dev.procpool.internal.dispatch.Snapshot;
import dev.procpool.internal.launch.InheritedClassPath;
import dev.procpool.internal.launch.Launcher;
import dev.procpool.internal.launch.Nesting;
import dev.procpool.internal.launch.ServedClasses;
import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.os.Machine;
import dev.procpool.internal.pool.BatchCall;
import dev.procpool.internal.pool.Checks;
import dev.procpool.internal.pool.LoaderNumbers;
import dev.procpool.internal.pool.ProcessPool;
import dev.procpool.internal.worker.Worker;
import dev.procpool.internal.worker.WorkerFactory;
import java.io.ObjectInputFilter;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An executor whose tasks run in child JVMs.
 *
 * <pre>{@code
 * try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(4)) {
 *     PoolFuture<String> digest = pool.submit(() -> sha256(file));
 *     pool.map(name -> size(name), names).forEach(System.out::println);
 *     System.out.println(digest.get());
 * }
 * }</pre>
 *
 * <h2>What a task needs</h2>
 *
 * It travels to another process, so it has to be serialisable, and so has its result. A lambda or method reference is, if
 * what it captures is; beware of {@code this}. The worker has the class path, system properties and module options of
 * this JVM, and asks this JVM's class loaders for what it doesn't find there ({@link Builder#classLoader} has the order);
 * it shares no static state with it, nor with other workers.
 *
 * <h2>Workers</h2>
 *
 * They start when there is work, up to {@link Builder#workers}, and run one task at a time. One that crashes, or is
 * killed since its task was cancelled or late, is replaced; only the task that it ran is affected. By default each has
 * one core's worth of JVM threads, a serial collector and a fair share of the machine's memory.
 *
 * <h2>Ending</h2>
 *
 * {@link #close} waits for all submitted tasks and then for the workers. A pool that was forgotten doesn't keep the JVM
 * from exiting, once all submitted tasks are done. When this JVM dies, however it dies, the workers and what they have
 * started die within a second.
 *
 * <p>Thread-safe, and so are the views that {@link #with} makes. Callbacks of futures run on a thread of the pool, unless
 * the future is already done; they may block, submit, cancel and shut down.
 */
public final class ProcessPoolExecutor implements TaskExecutor {
    private static final Cleaner CLEANER = Cleaner.create();

    private final ProcessPool pool;
    private final TaskOptions options;
    /** Reachable as long as some view of the pool is; the pool's own threads don't hold it. */
    private final Object inUse;
    /** Shuts down, once: here, or when nobody uses the pool any more. Until then the cleaner keeps all of it. */
    private final Cleaner.Cleanable end;

    private ProcessPoolExecutor(ProcessPool pool, TaskOptions options, Object inUse, Cleaner.Cleanable end) {
        this.pool = pool;
        this.options = options;
        this.inUse = inUse;
        this.end = end;
    }

    /** A pool with as many workers as this JVM may use processors, and defaults that most programs want. */
    public static ProcessPoolExecutor create() {
        return builder().build();
    }

    /**
     * A pool of {@code workers} workers.
     *
     * @throws IllegalArgumentException if that is not between 1 and {@value Builder#MOST_WORKERS}
     */
    public static ProcessPoolExecutor create(int workers) {
        return builder().workers(workers).build();
    }

    /** Everything that can be chosen. */
    public static Builder builder() {
        return new Builder();
    }

    // ---- submitting -------------------------------------------------------------------------------------------------

    @Override
    public <T> PoolFuture<T> submit(Callable<T> task) {
        return pool.submit(Objects.requireNonNull(task, "task"), null, options, inUse);
    }

    @Override
    public <T> PoolFuture<T> submit(Runnable task, @Nullable T result) {
        return pool.submit(Objects.requireNonNull(task, "task"), result, options, inUse);
    }

    @Override
    public <T, R> Stream<R> map(
            SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items, MapOptions mapOptions) {
        Objects.requireNonNull(fn, "fn");
        return BatchCall.map(pool, fn, items, mapOptions, options, inUse);
    }

    /** As {@link TaskExecutor#with}; the view may also be used to ask for workers, to resize and to shut down. */
    @Override
    public ProcessPoolExecutor with(TaskOptions options) {
        return new ProcessPoolExecutor(pool, withDefaults(Objects.requireNonNull(options, "options")), inUse, end);
    }

    private TaskOptions withDefaults(TaskOptions chosen) {
        Duration inherited = pool.taskTimeout();
        return inherited != null && chosen.timeout().isEmpty() ? chosen.timeout(inherited) : chosen;
    }

    /**
     * Shares a value with all workers: it is serialised now, once, and sent to each worker at most once.
     *
     * @throws TaskSerializationException if it can't be serialised
     */
    public <T> Shared<T> share(T value) {
        return Shared.of(value, pool.encoder());
    }

    /**
     * Shares bytes with all workers, which map them read-only: no copy is made for a worker or a task.
     *
     * @throws java.io.UncheckedIOException if there is no room for them
     */
    public SharedBytes shareBytes(byte[] bytes) {
        return SharedBytes.of(bytes);
    }

    /**
     * Shares a file with all workers, which map it read-only. It must not be cut short while it is shared.
     *
     * @throws java.io.UncheckedIOException if it can't be read
     * @throws IllegalArgumentException if it has more than 2 GiB
     */
    public SharedBytes shareBytes(Path file) {
        return SharedBytes.of(file);
    }

    // ---- looking ----------------------------------------------------------------------------------------------------

    /** How many tasks can run at the same time. */
    @Override
    public int parallelism() {
        return pool.dispatcher().target();
    }

    /** The workers that exist now, in the order in which they were started. */
    public List<WorkerInfo> workers() {
        List<WorkerInfo> all = new ArrayList<>();
        for (Snapshot snapshot : pool.dispatcher().snapshot()) {
            all.add(info(snapshot));
        }
        return all;
    }

    private static WorkerInfo info(Snapshot snapshot) {
        Worker worker = snapshot.worker();
        WorkerInfo.State state = snapshot.isDead()
                ? WorkerInfo.State.DEAD
                : snapshot.isStarting()
                        ? WorkerInfo.State.STARTING
                        : snapshot.isRetiring()
                                ? WorkerInfo.State.RETIRING
                                : snapshot.running() == null ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY;
        return new WorkerInfo(
                worker.id(),
                worker.pid(),
                state,
                snapshot.done(),
                Optional.ofNullable(snapshot.running()).map(Object::toString),
                snapshot.running() == null ? Optional.empty() : Optional.of(Duration.ofNanos(snapshot.runningNanos())),
                Machine.residentSetSize(worker.pid()),
                snapshot.heap());
    }

    /** Counters since the pool was created. */
    public PoolStats stats() {
        return pool.stats();
    }

    // ---- workers ----------------------------------------------------------------------------------------------------

    /**
     * Changes how many workers there may be. More start when there is work for them; of those that are too many the idle
     * ones end at once, the others after the task that they run.
     *
     * @throws IllegalArgumentException if that is not between 1 and {@value Builder#MOST_WORKERS}
     */
    public void resize(int workers) {
        pool.dispatcher().resize(Checks.inRange("workers", workers, 1, Builder.MOST_WORKERS));
    }

    /**
     * Shuts down at once, but gently: workers are asked to end by SIGTERM, so that their shutdown hooks run, and are
     * killed if they don't within some seconds. No future stays open: all that are not done are cancelled.
     */
    public void terminateWorkers() {
        pool.shutdownNow(true);
        end.clean();
    }

    /** Shuts down at once: workers are killed. No future stays open: all that are not done are cancelled. */
    public void killWorkers() {
        pool.shutdownNow(false);
        end.clean();
    }

    // ---- ending -----------------------------------------------------------------------------------------------------

    @Override
    public void shutdown() {
        end.clean();
    }

    /**
     * Shuts down at once: running tasks are cancelled and their workers killed.
     *
     * @return the tasks that never started, as they were submitted; their futures are cancelled
     */
    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> neverStarted = pool.shutdownNow(false);
        end.clean();
        return neverStarted;
    }

    @Override
    public boolean isShutdown() {
        return pool.dispatcher().isShutdown();
    }

    /** Whether all tasks are done and all workers have ended, after a shutdown. */
    @Override
    public boolean isTerminated() {
        return pool.dispatcher().isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return pool.dispatcher().awaitTermination(timeout, unit);
    }

    @Override
    public String toString() {
        PoolStats stats = stats();
        return pool.name() + "[parallelism=" + parallelism() + ", workers="
                + pool.dispatcher().snapshot().size() + ", submitted=" + stats.submitted() + ", completed="
                + stats.completed() + (isTerminated() ? ", terminated]" : isShutdown() ? ", shut down]" : ", running]");
    }

    /**
     * Chooses how a {@link ProcessPoolExecutor} works. Not thread-safe; may be used for several pools. Every method
     * throws {@link IllegalArgumentException} for a value out of range, which names the option, the value and the range.
     */
    public static final class Builder {
        static final int MOST_WORKERS = 4096;
        private static final long LEAST_HEAP = 8L << 20;
        private static final AtomicInteger POOLS = new AtomicInteger();

        private int workers = Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors());
        private int minWorkers;
        private @Nullable Duration idleTimeout;
        private @Nullable SerializableRunnable initializer;
        private long tasksPerWorker = Long.MAX_VALUE;
        private long maxWorkerMemory = Long.MAX_VALUE;
        private OptionalLong heapSize = OptionalLong.empty();
        private List<String> jvmArgs = List.of();
        private Map<String, String> environment = Map.of();
        private @Nullable Path workingDirectory;
        private @Nullable List<String> classPath;
        private @Nullable ClassLoader classLoader;
        private Path javaHome = Path.of(System.getProperty("java.home"));
        private List<String> launchPrefix = List.of();
        private int queueCapacity = Integer.MAX_VALUE;
        private @Nullable Duration taskTimeout;
        private Duration startTimeout = Duration.ofSeconds(60);
        private Duration heartbeatTimeout = Duration.ofSeconds(30);
        private WorkerOutput output = WorkerOutput.inherit();
        private @Nullable ObjectInputFilter resultFilter;
        private Codec codec = Codec.javaSerialization();
        private @Nullable String name;

        private Builder() {}

        /** How many workers there may be; by default the processors that this JVM may use. More than that make CPU-bound
         * work no faster and cost memory; more are useful for tasks that wait. */
        public Builder workers(int workers) {
            this.workers = Checks.inRange("workers", workers, 1, MOST_WORKERS);
            return this;
        }

        /** How many workers stay when there is nothing to do, if there is an {@link #idleTimeout}; by default none. */
        public Builder minWorkers(int workers) {
            this.minWorkers = Checks.inRange("minWorkers", workers, 0, MOST_WORKERS);
            return this;
        }

        /** After how long of idleness a worker beyond {@link #minWorkers} ends; by default never. Too short: the next
         * task waits for a JVM to start; too long: memory is held for nothing. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = Checks.positive("idleTimeout", timeout);
            return this;
        }

        /** What each worker runs before its first task, on the thread that runs tasks. If it fails in several workers in
         * a row the pool is broken. */
        public Builder initializer(SerializableRunnable initializer) {
            this.initializer = Checks.present("initializer", initializer);
            return this;
        }

        /** After how many tasks a worker is replaced; by default never. Few: leaks stay small, and each replacement costs
         * the start of a JVM, although a spare is started in time. */
        public Builder maxTasksPerWorker(int tasks) {
            this.tasksPerWorker = Checks.atLeast("maxTasksPerWorker", tasks, 1);
            return this;
        }

        /** The resident set size in bytes from which on a worker is replaced after its task; one that is half as much
         * above it is killed at once. By default there is no limit. Needs Linux. */
        public Builder maxWorkerMemory(long bytes) {
            this.maxWorkerMemory = Checks.atLeast("maxWorkerMemory", bytes, LEAST_HEAP);
            return this;
        }

        /** The largest heap of each worker in bytes; by default a share of the machine's memory that leaves room for this
         * JVM. */
        public Builder heapSize(long bytes) {
            this.heapSize = OptionalLong.of(Checks.atLeast("heapSize", bytes, LEAST_HEAP));
            return this;
        }

        /** Further options of the workers' JVMs; they win over what the pool chooses. */
        public Builder jvmArgs(String... arguments) {
            return jvmArgs(Arrays.asList(Checks.present("jvmArgs", arguments)));
        }

        /** As {@link #jvmArgs(String...)}. */
        public Builder jvmArgs(List<String> arguments) {
            this.jvmArgs = Checks.words("jvmArgs", arguments, 1);
            return this;
        }

        /** Variables to add to the environment that workers inherit, or to replace in it. */
        public Builder environment(Map<String, String> variables) {
            this.environment = Checks.variables("environment", variables);
            return this;
        }

        /** Where workers run; by default where this JVM runs. */
        public Builder workingDirectory(Path directory) {
            if (!Checks.present("workingDirectory", directory).toFile().isDirectory()) {
                throw new IllegalArgumentException("workingDirectory must be an existing folder, but is " + directory);
            }
            this.workingDirectory = directory;
            return this;
        }

        /** The class path of the workers, instead of this JVM's own class path and module path; it must hold procpool and
         * the tasks' classes, for nothing else is served to them. Relative entries are relative to where this JVM runs. */
        public Builder classPath(Path... entries) {
            return classPath(Stream.of(Checks.present("classPath", entries))
                    .map(entry -> Checks.present("classPath", entry).toString())
                    .toList());
        }

        /** As {@link #classPath(Path...)}. */
        public Builder classPath(String... entries) {
            return classPath(Arrays.asList(Checks.present("classPath", entries)));
        }

        /** As {@link #classPath(Path...)}. */
        public Builder classPath(List<String> entries) {
            if (Checks.words("classPath", entries, 0).isEmpty()) {
                throw new IllegalArgumentException("classPath must have at least 1 entry, but is " + entries);
            }
            this.classPath = List.copyOf(entries);
            return this;
        }

        /** Where to look for classes and resources that neither the class path of this JVM has nor the loader of a task's
         * own class. A worker asks this JVM for each of them by name when it needs it. The order is: the loader of the
         * task's class; this one; the context class loader of the thread that calls {@link #build}; the loader of
         * procpool. Results are rebuilt in the same order. By default there is none here, and few programs need one: it
         * is for tasks of a library's, or the JDK's, that carry objects of an application which the library's loader
         * doesn't know. The pool doesn't keep the loader alive. Has no effect together with {@link #classPath}, save for
         * results. */
        public Builder classLoader(ClassLoader loader) {
            this.classLoader = Checks.present("classLoader", loader);
            return this;
        }

        /** The JDK or JRE that workers run, version 17 or later; by default this JVM's. */
        public Builder javaHome(Path home) {
            this.javaHome = Checks.present("javaHome", home);
            return this;
        }

        /** A command that runs the command which follows it: {@code nice}, {@code taskset}, a sandbox. It must pass on
         * the file descriptors 3 to 5. */
        public Builder launchPrefix(String... command) {
            return launchPrefix(Arrays.asList(Checks.present("launchPrefix", command)));
        }

        /** As {@link #launchPrefix(String...)}. */
        public Builder launchPrefix(List<String> command) {
            this.launchPrefix = Checks.words("launchPrefix", command, 1);
            return this;
        }

        /** How many tasks may wait that no worker holds, before {@code submit} blocks; by default as many as memory
         * holds. Small: a fast producer is held back; too small: workers wait for it. */
        public Builder queueCapacity(int tasks) {
            this.queueCapacity = Checks.atLeast("queueCapacity", tasks, 1);
            return this;
        }

        /** The deadline of tasks that have none of their own ({@link TaskOptions#timeout}); by default none. */
        public Builder taskTimeout(Duration timeout) {
            this.taskTimeout = Checks.positive("taskTimeout", timeout);
            return this;
        }

        /** How long a worker may take to become ready, its initializer included; by default a minute. */
        public Builder startTimeout(Duration timeout) {
            this.startTimeout = Checks.positive("startTimeout", timeout);
            return this;
        }

        /** After how long without a sign of life a worker is taken for dead and killed; by default 30 s. Short: a frozen
         * worker is noticed soon; too short: one that only lacks CPU time, or swaps, is killed for nothing. */
        public Builder heartbeatTimeout(Duration timeout) {
            this.heartbeatTimeout = Checks.positive("heartbeatTimeout", timeout);
            return this;
        }

        /** Where printed lines go; by default to this JVM's {@code System.out} and {@code System.err}. */
        public Builder output(WorkerOutput output) {
            this.output = Checks.present("output", output);
            return this;
        }

        /** What objects results and exceptions may hold; by default anything within limits of depth and size that no
         * honest result meets. Guards this JVM from a worker that was taken over. */
        public Builder resultFilter(ObjectInputFilter filter) {
            this.resultFilter = Checks.present("resultFilter", filter);
            return this;
        }

        /** How objects are turned into bytes that have no faster way; by default Java serialization. */
        public Builder codec(Codec codec) {
            this.codec = Checks.present("codec", codec);
            return this;
        }

        /** The name of the pool for threads, lines and messages; by default {@code procpool-} and a number. */
        public Builder name(String name) {
            this.name = Checks.line("name", name);
            return this;
        }

        /**
         * Makes the pool; workers start when there is work.
         *
         * <p>A task may make a pool, too, whose tasks may make another. But a class whose initialiser makes a pool, and a
         * task that needs this class, would do so without end; so no more than three pools may be inside of each other,
         * or as many as the system property {@code procpool.maxDepth} says. Workers inherit it.
         *
         * @throws TaskSerializationException if the initializer or the codec can't be serialised
         * @throws IllegalStateException if this JVM is a worker inside of so many pools that it must not make one more;
         *     if its run-time image has no {@code bin/java} and {@link #javaHome} names no other; if procpool was loaded
         *     by a class loader that doesn't give its class files as resources, so that workers can't have them
         */
        public ProcessPoolExecutor build() {
            return build(WorkerFactory::new);
        }

        /** As {@link #build()}, with workers that come from elsewhere. */
        ProcessPoolExecutor build(Function<WorkerSpec, WorkerFactory> factories) {
            if (minWorkers > workers) {
                throw new IllegalArgumentException(
                        "minWorkers must be at most workers, " + workers + ", but is " + minWorkers);
            }
            String poolName = name == null ? "procpool-" + POOLS.incrementAndGet() : name;
            Nesting.check(poolName);
            WorkerSpec spec = new WorkerSpec(
                    poolName,
                    javaHome,
                    classPath == null ? InheritedClassPath.ofThisJvm() : classPath,
                    jvmArgs,
                    environment,
                    workingDirectory,
                    launchPrefix,
                    heapSize,
                    workers,
                    heartbeatTimeout,
                    startTimeout,
                    output.sink(),
                    new ServedClasses(classLoader, classPath == null, new LoaderNumbers()));
            Launcher.check(spec);
            WorkerFactory factory = factories.apply(spec);
            factory.prepare(); // before all else, which then happens at the same time
            try {
                return buildWith(factory);
            } catch (RuntimeException | Error e) {
                factory.abandon(e);
                throw e;
            }
        }

        private ProcessPoolExecutor buildWith(WorkerFactory factory) {
            PoolSettings settings = new PoolSettings(
                    factory.spec().poolName(),
                    workers,
                    minWorkers,
                    Optional.ofNullable(idleTimeout),
                    tasksPerWorker,
                    maxWorkerMemory,
                    queueCapacity);
            ProcessPool pool = new ProcessPool(
                    factory,
                    settings,
                    codec,
                    resultFilter == null ? Filters.defaultFilter() : resultFilter,
                    initializer,
                    output.kind() == WorkerOutput.Kind.CAPTURE,
                    taskTimeout);
            Object inUse = new Object();
            Cleaner.Cleanable end = CLEANER.register(inUse, pool.dispatcher()::shutdown);
            TaskOptions options = TaskOptions.defaults();
            return new ProcessPoolExecutor(
                    pool, taskTimeout == null ? options : options.timeout(taskTimeout), inUse, end);
        }
    }
}
