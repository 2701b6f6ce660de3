package dev.procpool;

import dev.procpool.internal.inprocess.LocalExecutor;
import dev.procpool.internal.pool.Invocations;
import dev.procpool.internal.pool.MapStream;
import dev.procpool.internal.spawn.SpawnPool;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What processes, threads, fork-join and Spark all offer: swap one line, keep the program.
 *
 * <pre>{@code
 * try (TaskExecutor executor = TaskExecutor.threads(4)) { // or ProcessPoolExecutor.create(4)
 *     PoolFuture<String> digest = executor.submit(() -> sha256(file));
 *     executor.map(name -> size(name), names).forEach(System.out::println);
 *     System.out.println(digest.get());
 * }
 * }</pre>
 *
 * <h2>Outcomes</h2>
 *
 * What a task throws reaches the caller as the cause of {@link ExecutionException} ({@code get}) or
 * {@link java.util.concurrent.CompletionException} ({@code join}). Every future completes, whatever happens to the task
 * or to the executor. Callbacks run on a thread of the executor or on the one that registers them; what they throw stays
 * in the stage that they return.
 *
 * <h2>What differs</h2>
 *
 * Only a process can be stopped. {@code cancel(true)} and a deadline kill the process that runs the task; an executor
 * that runs tasks on threads of this JVM can only interrupt them, and code that ignores the interrupt runs on, although
 * its future is done. Only an executor that sends tasks elsewhere needs them to be serialisable.
 *
 * <p>All that {@link ExecutorService} asks of its implementations holds for each of these executors, but for what has no
 * meaning where a task doesn't run in this JVM ({@code ProcessPoolExecutor}, {@link #spawn} and Spark):
 *
 * <table>
 * <caption>What can't apply to processes</caption>
 * <tr><th>what the JDK has</th><th>here</th><th>why</th></tr>
 * <tr><td>{@link java.util.concurrent.ExecutorCompletionService}, {@code CompletableFuture.supplyAsync} and
 *     {@code runAsync}, a {@link java.util.concurrent.FutureTask} given to {@code execute}</td>
 *     <td>{@code submit} throws a {@link TaskSerializationException} that names the remedy:
 *     {@link Futures#asCompleted} and {@code submit}</td>
 *     <td>they complete a future that is part of the task; it would be a copy that completes elsewhere</td></tr>
 * <tr><td>any {@link Runnable} or {@link Callable} may be submitted</td>
 *     <td>a {@link TaskSerializationException} for one that isn't serialisable</td><td>it has to travel</td></tr>
 * <tr><td>what a task does to the objects that it refers to can be seen when its future is done</td>
 *     <td>only its result comes back</td><td>it works on copies</td></tr>
 * <tr><td>a task can be interrupted, and may ignore it</td><td>its process is killed</td>
 *     <td>only that stops any code</td></tr>
 * <tr><td>the thread that ran a task lives on</td><td>after a crash, a deadline or {@code cancel(true)} a new process takes
 *     its place</td><td>the old one is gone, and with it the state of its static fields</td></tr>
 * <tr><td>{@code ThreadPoolExecutor}'s hooks, queue, thread factory and handler of rejected tasks</td>
 *     <td>none; {@code ProcessPoolExecutor.Builder} has an initializer and a bound of the queue</td>
 *     <td>they would run on threads that don't run the tasks</td></tr>
 * </table>
 *
 * <p>Executors are safe for use by multiple threads. To implement this interface, write {@link #submit(Callable)},
 * {@link #submit(Runnable, Object)}, {@link #with}, {@link #parallelism} and the five methods of
 * {@link ExecutorService} that end it; the rest is built from them.
 */
public interface TaskExecutor extends ExecutorService, AutoCloseable {
    /**
     * Runs tasks one after the other on the caller's thread, inside {@code submit}: for tests and for debugging.
     */
    static TaskExecutor sequential() {
        return LocalExecutor.sequential();
    }

    /**
     * Runs tasks on {@code n} threads. If it is forgotten, the exit of the JVM waits for submitted tasks and then leaves.
     *
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    static TaskExecutor threads(int n) {
        return LocalExecutor.threads(n);
    }

    /**
     * Runs tasks on a {@link java.util.concurrent.ForkJoinPool} of {@code n} threads, so that tasks may fork. If it is
     * forgotten, the exit of the JVM waits for submitted tasks and then leaves.
     *
     * @throws IllegalArgumentException if {@code n} is not between 1 and 32767
     */
    static TaskExecutor forkJoin(int n) {
        return LocalExecutor.forkJoin(n);
    }

    /**
     * Runs each task on a virtual thread of its own. {@link #parallelism()} is the number of processors; any number of
     * tasks can wait at the same time. If it is forgotten, the exit of the JVM waits for submitted tasks and then leaves.
     *
     * @throws UnsupportedOperationException if this JVM is older than 21
     */
    static TaskExecutor virtualThreads() {
        return LocalExecutor.virtualThreads();
    }

    /**
     * Runs each task in a fresh JVM that ends with it, {@code n} at the same time: what one does without a pool. Tasks
     * have to be serialisable, can be stopped, and die alone, as in a {@link ProcessPoolExecutor}; but each pays for the
     * start of a JVM, which counts against its deadline too. Retries apply to deadlines only.
     *
     * @throws IllegalArgumentException if {@code n} is less than 1
     * @throws IllegalStateException if this JVM is inside of too many pools, as {@link ProcessPoolExecutor.Builder#build}
     */
    static TaskExecutor spawn(int n) {
        return SpawnPool.executor(n);
    }

    /**
     * Adapts any executor that runs tasks in this JVM. Shutting down the adapter shuts down {@code executor}; tasks that
     * were given to {@code executor} directly stay its own business. {@link #parallelism()} is what a thread pool or
     * fork-join pool says, else the number of processors. A {@code TaskExecutor} is returned as it is.
     */
    static TaskExecutor over(ExecutorService executor) {
        return executor instanceof TaskExecutor tasks ? tasks : LocalExecutor.over(executor);
    }

    /**
     * Submits a task that returns a value. A lambda or method reference picks this overload, or
     * {@link #submit(SerializableRunnable)}, by itself.
     *
     * @throws java.util.concurrent.RejectedExecutionException if this executor is shut down or can't take the task
     * @throws TaskSerializationException if this executor sends tasks elsewhere and the task can't be serialised
     */
    default <T> PoolFuture<T> submit(SerializableCallable<T> task) {
        return submit((Callable<T>) task);
    }

    /**
     * Submits a task that returns nothing.
     *
     * @throws java.util.concurrent.RejectedExecutionException if this executor is shut down or can't take the task
     * @throws TaskSerializationException if this executor sends tasks elsewhere and the task can't be serialised
     */
    default PoolFuture<Void> submit(SerializableRunnable task) {
        return this.<Void>submit(task, null);
    }

    /**
     * Submits a task that returns a value. Whether it is serialisable is checked now, at run time, where it matters.
     *
     * @throws java.util.concurrent.RejectedExecutionException if this executor is shut down or can't take the task
     * @throws TaskSerializationException if this executor sends tasks elsewhere and the task can't be serialised
     */
    @Override
    <T> PoolFuture<T> submit(Callable<T> task);

    /** As {@link #submit(Runnable, Object)} with {@code null} as result. */
    @Override
    default PoolFuture<?> submit(Runnable task) {
        return this.<Void>submit(task, null);
    }

    /**
     * Submits a task that returns nothing; its future completes with {@code result}, which does not travel. Whether the
     * task is serialisable is checked now, at run time, where it matters.
     *
     * @throws java.util.concurrent.RejectedExecutionException if this executor is shut down or can't take the task
     * @throws TaskSerializationException if this executor sends tasks elsewhere and the task can't be serialised
     */
    @Override
    <T> PoolFuture<T> submit(Runnable task, @Nullable T result);

    /**
     * Submits a task without a future. What it throws goes to the uncaught exception handler of the thread that learns of
     * it, which prints it unless told otherwise: nothing is lost in silence.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what the handler throws is ignored, as by the JVM
    default void execute(Runnable command) {
        this.<Void>submit(command, null).whenComplete((nothing, thrown) -> {
            if (thrown != null && !(thrown instanceof CancellationException)) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
            }
        });
    }

    /** {@link #map(SerializableFunction, Iterable, MapOptions)} with {@link MapOptions#defaults()}. */
    default <T, R> Stream<R> map(SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items) {
        return map(fn, items, MapOptions.defaults());
    }

    /**
     * Applies {@code fn} to each item in parallel, lazily: nothing is taken from {@code items} before the stream is
     * consumed, and then only so much that the workers are busy. An infinite source works. Items travel in chunks whose
     * size adapts to what an item costs.
     *
     * <p>What an item throws is thrown at that item's place: unchecked exceptions and errors as they are, checked ones as
     * the cause of a {@link java.util.concurrent.CompletionException}. The {@link Stream#iterator() iterator} of the
     * stream can go on behind it. What {@code items} itself throws is thrown behind the results of the items before.
     *
     * <p>Closing the stream cancels what is under way and takes no further items; so use try-with-resources where the
     * consumer may leave early. The stream is sequential: items are taken and results delivered on the consumer's
     * thread.
     *
     * @param fn what to apply; each item, like each task, is started at most once
     * @param items the source, iterated once
     * @param options how to cut, buffer and order
     */
    default <T, R> Stream<R> map(
            SerializableFunction<? super T, ? extends R> fn, Iterable<? extends T> items, MapOptions options) {
        TaskExecutor view = options.timeout()
                .map(t -> with(TaskOptions.defaults().timeout(t)))
                .orElse(this);
        return MapStream.overTasks(view, fn, items, options);
    }

    /**
     * A view of this executor: the same workers, these options for what is submitted through it. Options of this view
     * don't carry over. Shutting down or closing a view is shutting down the executor.
     *
     * <p>In this JVM a deadline interrupts the task and fails its future; a retry starts when the interrupted attempt has
     * ended. Since there are no crashes to survive, retries apply to deadlines only.
     */
    TaskExecutor with(TaskOptions options);

    /** How many tasks can run at the same time. */
    int parallelism();

    /**
     * Stops everything: tasks that run are cancelled as by {@code cancel(true)}, tasks that never started are cancelled
     * too and returned. No future stays open.
     *
     * @return what never started: each {@link Runnable} as it was submitted, each {@link Callable} as a runnable that
     *     calls it
     */
    @Override
    List<Runnable> shutdownNow();

    /**
     * Submits all tasks and waits until each is done; if the wait is interrupted, the unfinished ones are cancelled.
     *
     * @return the futures, all done, in the order of {@code tasks}
     */
    @Override
    default <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return Invocations.all(this, tasks, Long.MAX_VALUE);
    }

    /**
     * Submits all tasks and waits until each is done or the time is over; then, or if the wait is interrupted, the
     * unfinished ones are cancelled. With a time of zero or less none is started and all are cancelled.
     *
     * @return the futures, all done, in the order of {@code tasks}
     */
    @Override
    default <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return Invocations.all(this, tasks, unit.toNanos(timeout));
    }

    /**
     * Submits tasks until one returns a value, which is returned; the others are cancelled.
     *
     * @throws ExecutionException if all fail or are cancelled; its cause is what one of them threw
     * @throws IllegalArgumentException if there are no tasks
     */
    @Override
    default <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return Invocations.any(this, tasks, Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new AssertionError("292 years have passed", e);
        }
    }

    /**
     * Submits tasks until one returns a value, which is returned, or the time is over; the others are cancelled. With a time
     * of zero or less none is started.
     *
     * @throws ExecutionException if all fail or are cancelled; its cause is what one of them threw
     * @throws TimeoutException if the time is over before one returned a value
     * @throws IllegalArgumentException if there are no tasks
     */
    @Override
    default <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return Invocations.any(this, tasks, unit.toNanos(timeout));
    }

    /**
     * Shuts down and waits until all submitted tasks are done. If the wait is interrupted, the tasks are stopped as by
     * {@link #shutdownNow}, the wait goes on, and the thread is interrupted when this returns.
     */
    @Override
    default void close() {
        boolean interrupted = false;
        boolean terminated = isTerminated();
        if (!terminated) {
            shutdown();
        }
        while (!terminated) {
            try {
                terminated = awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                if (!interrupted) {
                    interrupted = true;
                    shutdownNow();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
