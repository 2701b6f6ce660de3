package dev.procpool.internal.spawn;

import dev.procpool.Codec;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.Filters;
import dev.procpool.internal.inprocess.LocalPool;
import dev.procpool.internal.inprocess.LocalTask;
import dev.procpool.internal.launch.ArgumentFile;
import dev.procpool.internal.launch.InheritedClassPath;
import dev.procpool.internal.launch.InheritedOptions;
import dev.procpool.internal.launch.Nesting;
import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.os.PrivateFile;
import dev.procpool.internal.pool.Crashes;
import dev.procpool.internal.pool.Results;
import dev.procpool.internal.pool.RunnableCall;
import dev.procpool.internal.worker.Death;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs in a JVM of its own, which ends with it. A thread of this JVM waits for it; interrupting that thread
 * kills the process.
 */
public final class SpawnTask<T> extends LocalTask<T> {
    private static final Results RESULTS = new Results(Codec.javaSerialization(), Filters.defaultFilter());
    private static final WorkerSpec.LineSink OUTPUT = WorkerSpec.LineSink.inherited();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final String name;
    private final @Nullable String label;
    private volatile @Nullable TaskFile encoded;
    private volatile long pid;

    /**
     * Encodes the task.
     *
     * @param name how its output and messages name the process
     * @throws TaskSerializationException if it can't be serialised
     */
    SpawnTask(LocalPool pool, String name, long taskId, Callable<T> task, TaskOptions options) {
        super(pool, taskId, task, options);
        this.name = name;
        this.label = options.label().orElse(null);
        try {
            encoded = new TaskFile(task instanceof RunnableCall<T> runnable ? runnable.task() : task);
        } catch (EncodeException e) {
            throw new TaskSerializationException(TaskSerializationException.Stage.TASK_ENCODE, e.getMessage(), e);
        }
    }

    @Override
    protected @Nullable T call(Callable<T> task) throws Throwable {
        TaskFile content = encoded;
        if (content == null) {
            throw new IllegalStateException("called after its end");
        }
        try (PrivateFile taskFile = PrivateFile.create();
                PrivateFile outcomeFile = PrivateFile.create();
                PrivateFile argumentFile = ArgumentFile.of(arguments(taskFile, outcomeFile))) {
            content.writeTo(Channels.newOutputStream(taskFile.channel()));
            long start = System.nanoTime();
            SpawnedJvm.End end = SpawnedJvm.run(
                    JAVA,
                    "@" + argumentFile.path(),
                    environment(),
                    id -> pid = id,
                    line -> OUTPUT.line(name, false, line),
                    line -> OUTPUT.line(name, true, line));
            return value(task, outcome(outcomeFile, end, System.nanoTime() - start));
        }
    }

    private static List<String> arguments(PrivateFile taskFile, PrivateFile outcomeFile) {
        List<String> arguments = new ArrayList<>(InheritedOptions.ofThisJvm());
        arguments.add("-XX:-UsePerfData"); // its file in the temporary folder would outlive a kill
        arguments.add("-XX:+UseCountedLoopSafepoints"); // a long loop must not keep it from ending with its parent
        arguments.add("-XX:LoopStripMiningIter=1000"); // the JVM's own choice where these safepoints are the default
        arguments.add("-XX:+DisplayVMOutputToStderr");
        List<String> classPath = InheritedClassPath.ofThisJvm();
        if (!classPath.isEmpty()) {
            arguments.add("-cp");
            arguments.add(String.join(File.pathSeparator, classPath));
        }
        arguments.addAll(Nesting.options());
        arguments.addAll(InheritedClassPath.main(classPath, SpawnMain.class.getName()));
        arguments.add(taskFile.path().toString());
        arguments.add(outcomeFile.path().toString());
        return arguments;
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        InheritedOptions.OPTION_VARIABLES.forEach(environment::remove); // what is allowed of them is in the arguments
        return environment;
    }

    /** What {@link Results#outcome} gives. */
    private Object outcome(PrivateFile file, SpawnedJvm.End end, long nanos) throws IOException {
        file.channel().position(0);
        DataInputStream in = new DataInputStream(Channels.newInputStream(file.channel()));
        long size = file.channel().size();
        if (size < Long.BYTES || in.readLong() != size - Long.BYTES) {
            Death death = Death.of(name, pid, end.exitCode(), end.stderr(), Duration.ofNanos(nanos));
            return new Results.Thrown(Crashes.crashed(death, List.of(), describe(), nanos, ""));
        }
        byte kind = in.readByte();
        return RESULTS.outcome(kind, in.readAllBytes(), this::describe);
    }

    @SuppressWarnings("unchecked") // the task is a Callable<T>
    private static <T> @Nullable T value(Callable<T> task, Object outcome) throws Throwable {
        if (outcome instanceof Results.Thrown thrown) {
            throw thrown.throwable();
        }
        if (task instanceof RunnableCall<T> runnable) {
            return runnable.result();
        }
        return outcome == Results.NULL ? null : (T) outcome;
    }

    @Override
    protected void over() {
        super.over();
        encoded = null;
    }

    @Override
    public OptionalLong workerPid() {
        return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    private String describe() {
        return "task " + taskId() + (label == null ? "" : " \"" + label + "\"");
    }
}
