package dev.procpool;

import dev.procpool.fray.SimulatedProcess;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.worker.SimulatedStarter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One run of a scenario: a pool whose workers are threads of this JVM, its users' threads, and what has to hold in the end.
 * This is the one place that knows how a pool is put together.
 */
public final class World {
    /** In simulated time: whoever waits for so long waits for ever. */
    private static final long FOR_EVER_SECONDS = 60;

    /** Something that a user's thread does. */
    @FunctionalInterface
    interface Act {
        void run() throws Throwable;
    }

    private record User(Thread thread, CountDownLatch done) {}

    /** Blocks of earlier worlds: to get two fresh megabytes takes longer than many a schedule. */
    private static final ArrayDeque<ControlBlock> SPARE = new ArrayDeque<>();

    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final List<ControlBlock> blocks = new ArrayList<>();
    private final List<User> users = new ArrayList<>();
    private @Nullable ProcessPoolExecutor pool;
    private volatile @Nullable Throwable failure;
    private boolean startsFail;

    /** Makes the pool; deadlines of the pool itself are off unless {@code options} says otherwise. */
    ProcessPoolExecutor pool(int workers, UnaryOperator<ProcessPoolExecutor.Builder> options) {
        ProcessPoolExecutor.Builder builder = ProcessPoolExecutor.builder()
                .workers(workers)
                .name("pool")
                .startTimeout(Duration.ofDays(1))
                .heartbeatTimeout(Duration.ofDays(1)); // the hearts of these children don't beat
        pool = options.apply(builder).build(spec -> SimulatedStarter.factory(spec, this::memory, this::started));
        return pool;
    }

    ProcessPoolExecutor pool(int workers) {
        return pool(workers, UnaryOperator.identity());
    }

    private synchronized ControlBlock memory() {
        ControlBlock spare = SPARE.poll();
        ControlBlock block = spare == null ? ControlBlock.unshared() : spare;
        blocks.add(block);
        return block;
    }

    /** From now on no process can be started. */
    void failStarts() {
        startsFail = true;
    }

    private synchronized void started(SimulatedProcess process) {
        if (startsFail) {
            throw new IllegalStateException("no process can be started");
        }
        processes.add(process);
        notifyAll();
    }

    /** Waits for the n-th process, from 1. */
    synchronized SimulatedProcess process(int n) throws InterruptedException {
        while (processes.size() < n) {
            wait();
        }
        return processes.get(n - 1);
    }

    // ---- users ------------------------------------------------------------------------------------------------------

    /** Lets a user's thread do something; the world isn't over before it has, and fails if it fails. */
    void user(String name, Act act) {
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        act.run();
                    } catch (Throwable e) {
                        failed(e);
                    } finally {
                        done.countDown();
                    }
                },
                name);
        users.add(new User(thread, done));
        thread.start();
    }

    /** Something foreign, perhaps a callback, has failed. */
    synchronized void failed(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
    }

    /** The result, or what the task threw, if it comes at all. */
    static <T> @Nullable T result(Future<T> future) throws Exception {
        try {
            return future.get(FOR_EVER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw stuck(future + " stays open");
        }
    }

    /** The same for one that fails: with what. */
    static Throwable thrownBy(Future<?> future) throws Exception {
        try {
            Object value = result(future);
            throw new AssertionError(future + " should have failed, but has " + value);
        } catch (java.util.concurrent.ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        } catch (java.util.concurrent.CancellationException e) {
            return e;
        }
    }

    static void check(boolean holds, Object description) {
        if (!holds) {
            throw new AssertionError(description);
        }
    }

    static void same(@Nullable Object actual, @Nullable Object expected) {
        check(Objects.equals(actual, expected), "got " + actual + ", not " + expected);
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** What holds after every scenario: all users are through, the pool ends, the books balance, no process is left. */
    void end() throws Throwable {
        for (User user : users) {
            if (!user.done.await(FOR_EVER_SECONDS, TimeUnit.SECONDS)) {
                throw stuck(user.thread.getName() + " waits for ever");
            }
        }
        if (pool != null) {
            end(pool);
        } else if (failure != null) {
            throw failure;
        }
    }

    private void end(ProcessPoolExecutor ending) throws Throwable {
        ending.shutdown();
        if (!ending.awaitTermination(FOR_EVER_SECONDS, TimeUnit.SECONDS)) {
            throw stuck(ending + " doesn't terminate");
        }
        for (SimulatedProcess process : processes) {
            check(!process.isAlive(), "process " + process.pid() + " has outlived its pool");
        }
        if (failure != null) {
            throw failure;
        }
        PoolStats stats = ending.stats();
        if (stats.completed() + stats.failed() + stats.cancelled() != stats.submitted()) {
            throw stuck("the books don't balance: " + stats);
        }
        check(stats.rescued() == 0, stats.rescued() + " tasks were rescued by the safety net");
        SPARE.addAll(blocks);
    }

    /** A failure that shows where everybody is. */
    private static AssertionError stuck(String what) {
        StringBuilder text = new StringBuilder(what);
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            StringBuilder trace = new StringBuilder();
            boolean ours = false;
            for (StackTraceElement frame : entry.getValue()) {
                ours |= frame.getClassName().startsWith("dev.procpool.");
                if (!frame.getClassName().startsWith("org.pastalab.")) {
                    trace.append("\n        at ").append(frame);
                }
            }
            if (ours) {
                text.append("\n    ").append(entry.getKey().getName()).append(trace);
            }
        }
        return new AssertionError(text.toString());
    }
}
