package dev.procpool.internal.inprocess;

import dev.procpool.PoolFuture;
import dev.procpool.TaskOptions;
import dev.procpool.internal.os.KeepAlive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An executor of this JVM and the tasks that it was given and has not finished. Executors differ in what they do with
 * queued tasks when they are shut down; so this keeps its own list, and no future stays open.
 */
public class LocalPool {
    private final String name;
    private final ExecutorService executor;
    private final int parallelism;
    private final @Nullable KeepAlive keepAlive;
    private final AtomicLong taskIds = new AtomicLong();
    private final Set<LocalTask<?>> unfinished = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * Creates a pool.
     *
     * @param name for messages
     * @param executor what runs the tasks
     * @param parallelism how many it runs at the same time
     * @param keepAlive what keeps the JVM alive while there are tasks, or null if that is the executor's business
     */
    protected LocalPool(String name, ExecutorService executor, int parallelism, @Nullable KeepAlive keepAlive) {
        this.name = name;
        this.executor = executor;
        this.parallelism = parallelism;
        this.keepAlive = keepAlive;
    }

    <T> PoolFuture<T> submit(Callable<T> call, TaskOptions options) {
        LocalTask<T> task = newTask(taskIds.incrementAndGet(), call, options);
        if (keepAlive != null) {
            keepAlive.workSubmitted();
        }
        unfinished.add(task); // before the executor has it: so shutdownNow finds all that the executor has
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            finished(task);
            String why = executor.isShutdown() ? " has been shut down" : " can't take the task: " + e.getMessage();
            throw new RejectedExecutionException(name + why, e);
        }
        return task;
    }

    /** Makes a task of this pool. */
    protected <T> LocalTask<T> newTask(long taskId, Callable<T> call, TaskOptions options) {
        return new LocalTask<>(this, taskId, call, options);
    }

    /** Forgets a task; called at least once for each. */
    void finished(LocalTask<?> task) {
        if (unfinished.remove(task) && keepAlive != null) {
            keepAlive.workDone();
        }
    }

    boolean isRunningOn(Thread thread) {
        return unfinished.stream().anyMatch(task -> task.isRunningOn(thread));
    }

    void shutdown() {
        executor.shutdown();
    }

    List<Runnable> shutdownNow() {
        stopping =
                true; // before anything is cancelled: a thread that becomes free by that must not start the next task
        executor.shutdown();
        // Cancelled before the executor interrupts them: else a task could fail first, by that interrupt.
        List<Runnable> neverStarted = cancelUnfinished();
        List<Runnable> queued = executor.shutdownNow();
        neverStarted.addAll(cancelUnfinished());
        queued.stream().filter(task -> !(task instanceof LocalTask)).forEach(neverStarted::add);
        return neverStarted;
    }

    private List<Runnable> cancelUnfinished() {
        List<Runnable> neverStarted = new ArrayList<>();
        unfinished.stream()
                .sorted(Comparator.comparingLong(PoolFuture::taskId))
                .forEach(task -> task.withdraw().ifPresent(neverStarted::add));
        return neverStarted;
    }

    /** Whether tasks that have not started never will. */
    boolean isStopping() {
        return stopping;
    }

    boolean isShutdown() {
        return executor.isShutdown();
    }

    boolean isTerminated() {
        return executor.isTerminated();
    }

    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }

    int parallelism() {
        return parallelism;
    }

    @Override
    public String toString() {
        return name + "[parallelism=" + parallelism + ", unfinished=" + unfinished.size() + ", "
                + (isTerminated() ? "terminated" : isShutdown() ? "shut down" : "running") + "]";
    }
}
