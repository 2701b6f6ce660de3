package dev.procpool;

import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.pool.Checks;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the lines go that tasks print on {@code System.out} and {@code System.err}. */
public final class WorkerOutput {
    private static final WorkerOutput INHERIT = new WorkerOutput(Kind.INHERIT, null);
    private static final WorkerOutput DISCARD = new WorkerOutput(Kind.DISCARD, null);
    private static final WorkerOutput CAPTURE = new WorkerOutput(Kind.CAPTURE, null);

    private final Kind kind;
    private final @Nullable Consumer<String> consumer;

    private WorkerOutput(Kind kind, @Nullable Consumer<String> consumer) {
        this.kind = kind;
        this.consumer = consumer;
    }

    /** To the parent's {@code System.out} and {@code System.err}, line by line, with the worker's name in front. */
    public static WorkerOutput inherit() {
        return INHERIT;
    }

    /** Nowhere. The tail of stderr is still kept for {@link WorkerCrashedException#stderrTail()}. */
    public static WorkerOutput discard() {
        return DISCARD;
    }

    /**
     * To {@code consumer}, one call a line, the worker's name in front, without the line end. Lines of one worker come
     * in order; the consumer is called by several threads, one for each worker. It may take its time: a task that
     * prints faster than its lines are taken has to wait, and a task is not done before its lines are taken.
     *
     * <p>A consumer that takes more than a second over one line is stuck: tasks, and the end of the pool, no longer wait for
     * it. Lines are kept for it, in order and within a bound; those beyond are dropped, counted in
     * {@link PoolStats#linesDropped}, and a line says how many. It may use the pool, wait for other tasks and close the pool.
     */
    public static WorkerOutput lines(Consumer<String> consumer) {
        return new WorkerOutput(Kind.LINES, Checks.present("consumer", consumer));
    }

    /**
     * Kept for each task on its own: {@link PoolFuture#output()}. That is what is printed on {@code System.out} and
     * {@code System.err} while the task runs, by whatever thread. What native code, or a process with inherited
     * streams, prints can't be told apart by task: it is only in {@link WorkerCrashedException#stderrTail()}.
     */
    public static WorkerOutput capture() {
        return CAPTURE;
    }

    Kind kind() {
        return kind;
    }

    /** What the workers' lines are given to. */
    WorkerSpec.LineSink sink() {
        Consumer<String> lines = consumer;
        return switch (kind) {
            case INHERIT -> WorkerSpec.LineSink.inherited();
            case LINES -> (worker, error, line) -> Objects.requireNonNull(lines).accept("[" + worker + "] " + line);
            case DISCARD, CAPTURE -> (worker, error, line) -> {};
        };
    }

    enum Kind {
        INHERIT,
        DISCARD,
        LINES,
        CAPTURE
    }
}
