package dev.procpool.internal.pool;

import dev.procpool.BrokenPoolException;
import dev.procpool.Codec;
import dev.procpool.PoolFuture;
import dev.procpool.PoolStats;
import dev.procpool.SerializableRunnable;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.dispatch.Call;
import dev.procpool.internal.dispatch.Dispatcher;
import dev.procpool.internal.dispatch.Monitor;
import dev.procpool.internal.dispatch.PoolSettings;
import dev.procpool.internal.launch.ServedClasses;
import dev.procpool.internal.os.KeepAlive;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.worker.WorkerFactory;
import java.io.ObjectInputFilter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What all views of one process pool share: it encodes tasks, hands them to the dispatcher, and counts. */
public final class ProcessPool {
    /**
     * Each thread's buffer for encoding; taken out while it is in use, since serialising a task may submit another. Held
     * weakly, for a thread that outlives its application, as those of a web server do, would keep that in memory.
     */
    private static final ThreadLocal<@Nullable WeakReference<Payload>> SCRATCH = new ThreadLocal<>();

    private final String name;
    private final @Nullable Duration taskTimeout;
    private final Codec codec;
    private final TaskEncoder encoder;
    private final Dispatcher dispatcher;
    private final KeepAlive keepAlive;
    private final ServedClasses served;
    private final AtomicLong taskIds = new AtomicLong();
    final Results results;
    final boolean capturesOutput;
    final LongAdder completed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder cancelled = new LongAdder();

    public ProcessPool(
            WorkerFactory factory,
            PoolSettings settings,
            Codec codec,
            ObjectInputFilter resultFilter,
            @Nullable SerializableRunnable initializer,
            boolean capturesOutput,
            @Nullable Duration taskTimeout) {
        this.name = factory.spec().poolName();
        this.served = factory.spec().served();
        this.taskTimeout = taskTimeout;
        this.codec = codec;
        this.encoder = new TaskEncoder(codec);
        this.results = new Results(codec, resultFilter);
        this.capturesOutput = capturesOutput;
        this.keepAlive = new KeepAlive(name + "-keep-alive");
        this.dispatcher = new Dispatcher(
                settings,
                factory,
                new Monitor.Limits(factory.spec().startTimeout(), factory.spec().heartbeatTimeout()),
                preparation(initializer),
                reason -> new BrokenPoolException(reason.message(), reason.cause()));
    }

    private Payload preparation(@Nullable SerializableRunnable initializer) {
        Payload payload = new Payload();
        served.originOf(initializer != null ? initializer : codec).writeTo(payload);
        try {
            payload.writeByte(codec == Codec.javaSerialization() ? 0 : 1);
            if (codec != Codec.javaSerialization()) {
                new TaskEncoder(Codec.javaSerialization()).encodeValue(codec, payload);
            }
            payload.writeByte(initializer == null ? 0 : 1);
            if (initializer != null) {
                encoder.encodeTask(initializer, payload);
            }
        } catch (EncodeException e) {
            throw new TaskSerializationException(
                    TaskSerializationException.Stage.TASK_ENCODE, "initializer or codec: " + e.getMessage(), e);
        }
        return payload.detach();
    }

    /**
     * Submits a task.
     *
     * @param inUse what is reachable as long as somebody uses the pool
     */
    public <T> PoolFuture<T> submit(Object task, @Nullable T result, TaskOptions options, Object inUse) {
        WeakReference<Payload> scratch = SCRATCH.get();
        Payload kept = scratch == null ? null : scratch.get();
        Payload body = kept == null ? new Payload() : kept;
        if (scratch == null || kept == null) {
            scratch = new WeakReference<>(body);
        }
        SCRATCH.set(null);
        try {
            ServedClasses.Origin origin = served.originOf(task);
            origin.writeTo(body);
            encoder.encodeTask(task, body);
            if (body.length() > Frames.MAX_LENGTH / 2) {
                throw new TaskSerializationException(
                        TaskSerializationException.Stage.TASK_ENCODE,
                        "the task has " + body.length() + " bytes, the limit is " + Frames.MAX_LENGTH / 2
                                + "; share large data by shareBytes",
                        null);
            }
            ProcessTask<T> future =
                    new ProcessTask<>(this, taskIds.incrementAndGet(), options, task, result, origin.loader(), inUse);
            submit(future.call(), body);
            return future;
        } catch (EncodeException e) {
            if (e.getCause() instanceof OutOfMemoryError shortage) {
                throw shortage; // of this JVM: the task is as serialisable as any
            }
            throw new TaskSerializationException(TaskSerializationException.Stage.TASK_ENCODE, e.getMessage(), e);
        } finally {
            body.reset();
            SCRATCH.set(scratch);
        }
    }

    /** Hands an encoded call to the dispatcher; it will be {@link #settled}. */
    void submit(Call call, Payload body) {
        keepAlive.workSubmitted();
        boolean accepted = false;
        try {
            dispatcher.submit(call, body);
            accepted = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted while the pool's waiting line was full", e);
        } finally {
            if (!accepted) {
                keepAlive.workDone();
            }
        }
    }

    /** A call is over, whatever became of it. */
    void settled() {
        keepAlive.workDone();
    }

    void cancelled(Call call, boolean mayInterrupt) {
        cancelled.increment();
        dispatcher.cancel(call, mayInterrupt);
    }

    public TaskEncoder encoder() {
        return encoder;
    }

    /** Where the classes of a task come from. */
    ServedClasses.Origin originOf(Object task) {
        return served.originOf(task);
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    public String name() {
        return name;
    }

    /** The deadline of tasks that have none of their own; null if there is none. */
    public @Nullable Duration taskTimeout() {
        return taskTimeout;
    }

    public List<Runnable> shutdownNow(boolean politely) {
        List<Runnable> neverStarted = new ArrayList<>();
        for (Call call : dispatcher.shutdownNow(politely)) {
            if (call instanceof ProcessTask<?>.TaskCall task) {
                task.asRunnable().ifPresent(neverStarted::add);
            }
            call.neverStarted();
        }
        return neverStarted;
    }

    public PoolStats stats() {
        Dispatcher.Counts counts = dispatcher.counts();
        return new PoolStats(
                counts.submitted(),
                completed.sum(),
                failed.sum(),
                cancelled.sum(),
                counts.retried(),
                counts.workersStarted(),
                counts.workersCrashed(),
                counts.workersRecycled(),
                counts.rescued(),
                counts.linesDropped());
    }

    /** A duration in nanoseconds; one that is longer than 292 years is no limit. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
