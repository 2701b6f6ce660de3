package dev.procpool;

import static dev.procpool.World.check;
import static dev.procpool.World.result;
import static dev.procpool.World.same;
import static dev.procpool.World.thrownBy;

import dev.procpool.fray.ChildThread;
import dev.procpool.internal.os.KeepAlive;
import dev.procpool.internal.worker.HeldUpReader;
import dev.procpool.internal.worker.Replies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What users do with pools. As small as the thing they are about allows: the fewer steps a scenario takes, the more of its
 * schedules are seen. What holds in the end of each of them is in {@link World#end}.
 */
public final class Scenarios {
    /** All of them, by name. */
    public static final Map<String, Scenario> ALL = new LinkedHashMap<>();

    /** More than goes into the call ring at once, so it is written while the child reads it. */
    private static final int LONG = 300_000;

    private static final int MORE_THAN_THE_RING = 1_200_000;

    /** Less than the patience with workers that don't end. */
    private static final long SOON_NANOS = 2_000_000_000;

    /** After which the thread that keeps the JVM alive looks. */
    private static final long KEEP_ALIVE_NANOS = 50_000_000;

    static {
        ALL.put("two-getters", Scenarios::twoGetters);
        ALL.put("two-getters-two-workers", Scenarios::twoGettersTwoWorkers);
        ALL.put("two-readers", Scenarios::twoReaders);
        ALL.put("get-with-timeout", Scenarios::getWithTimeout);
        ALL.put("callback", Scenarios::callback);
        ALL.put("callback-joins-next", Scenarios::callbackJoinsNext);
        ALL.put("callback-submits", Scenarios::callbackSubmits);
        ALL.put("callback-closes", Scenarios::callbackCloses);
        ALL.put("cancel-races-completion", world -> cancelRacesCompletion(world, false));
        ALL.put("cancel-true-races-completion", world -> cancelRacesCompletion(world, true));
        ALL.put("cancel-waiting-after-shutdown", Scenarios::cancelWaitingAfterShutdown);
        ALL.put("cancel-makes-room", Scenarios::cancelMakesRoom);
        ALL.put("deadline", Scenarios::deadline);
        ALL.put("crash", world -> crash(world, 0));
        ALL.put("crash-with-retries", world -> crash(world, 3));
        ALL.put("crash-beside-idle", Scenarios::crashBesideIdle);
        ALL.put("crash-at-start", Scenarios::crashAtStart);
        ALL.put("exit", Scenarios::exit);
        ALL.put("out-of-memory", Scenarios::outOfMemory);
        ALL.put("steal", Scenarios::steal);
        ALL.put("recycle", Scenarios::recycle);
        ALL.put("resize", Scenarios::resize);
        ALL.put("bounded-line", Scenarios::boundedLine);
        ALL.put("idle-workers-end", Scenarios::idleWorkersEnd);
        ALL.put("shutdown-races-submit", Scenarios::shutdownRacesSubmit);
        ALL.put("shutdown-of-idle", world -> soonEnded(world, true));
        ALL.put("shutdown-going-to-sleep", world -> soonEnded(world, false));
        ALL.put("shutdown-at-start", Scenarios::shutdownAtStart);
        ALL.put("shutdown-full-line", world -> fullLine(world, ProcessPoolExecutor::shutdown));
        ALL.put("shutdown-now", Scenarios::shutdownNow);
        ALL.put("shutdown-now-before-start", Scenarios::shutdownNowBeforeStart);
        ALL.put("shutdown-now-full-line", world -> fullLine(world, ProcessPoolExecutor::shutdownNow));
        ALL.put("failed-start-at-shutdown", world -> failedStart(world, ProcessPoolExecutor::shutdown));
        ALL.put("failed-start-at-shutdown-now", world -> failedStart(world, ProcessPoolExecutor::shutdownNow));
        ALL.put("terminate-workers", Scenarios::terminateWorkers);
        ALL.put("long-calls", Scenarios::longCalls);
        ALL.put("long-call-cancelled", Scenarios::longCallCancelled);
        ALL.put("long-call-crash", Scenarios::longCallCrash);
        ALL.put("long-answer", Scenarios::longAnswer);
        ALL.put("captured-output", Scenarios::capturedOutput);
        ALL.put("printed-lines", Scenarios::printedLines);
        ALL.put("printed-flood", Scenarios::printedFlood);
        ALL.put("as-completed", Scenarios::asCompleted);
        ALL.put("map-ordered", world -> map(world, MapOptions.defaults()));
        ALL.put("map-unordered", world -> map(world, MapOptions.defaults().unordered()));
        ALL.put("map-closed-early", Scenarios::mapClosedEarly);
        ALL.put("completed-by-hand", Scenarios::completedByHand);
        ALL.put("held-up-by-lines", Scenarios::heldUpByLines);
        ALL.put("keep-alive", Scenarios::keepAlive);
    }

    private Scenarios() {}

    /**
     * A tenth of a second later. The clock stands still while anybody has something to do, so by then all others wait. Not
     * what a scenario may rely on, only what makes it the rare case that it is about.
     */
    private static void quiet() throws InterruptedException {
        Thread.sleep(100);
    }

    /** Once the first worker is ready: to start it takes many more steps than most of what comes then. */
    private static ProcessPoolExecutor ready(ProcessPoolExecutor pool) throws Exception {
        same(result(pool.submit(() -> 0)), 0);
        return pool;
    }

    // ---- waiting ----------------------------------------------------------------------------------------------------

    private static void twoGetters(World world) {
        getters(world, world.pool(1));
    }

    private static void twoGettersTwoWorkers(World world) {
        getters(world, world.pool(2));
    }

    private static void getters(World world, ProcessPoolExecutor pool) {
        for (int i = 0; i < 2; i++) {
            int value = i;
            world.user("getter " + i, () -> {
                for (int round = 0; round < 3; round++) { // the start of a worker takes longer than a few calls
                    same(pool.submit(() -> value).get(), value);
                }
            });
        }
    }

    /** One who reads because it has time, and one who reads when a bell rings. */
    private static void twoReaders(World world) throws Exception {
        Replies replies = new Replies();
        CompletableFuture<Integer> done = new CompletableFuture<>();
        Semaphore bells = new Semaphore(0);
        world.user("helper", replies::read);
        world.user("reader", () -> {
            bells.acquire();
            while (!done.isDone()) {
                replies.read();
                bells.acquire();
            }
        });
        for (int i = 0; i < 3; i++) {
            if (replies.publish()) {
                bells.release();
            }
        }
        quiet();
        done.complete(0);
        bells.release();
        check(replies.areRead(), "nobody reads what lies there");
    }

    private static void getWithTimeout(World world) {
        ProcessPoolExecutor pool = world.pool(1);
        for (int i = 0; i < 2; i++) {
            int value = i;
            world.user("impatient " + i, () -> {
                PoolFuture<Integer> future = pool.submit(() -> value);
                try {
                    same(future.get(1, TimeUnit.MILLISECONDS), value);
                } catch (TimeoutException e) {
                    same(future.join(), value);
                }
            });
        }
    }

    // ---- callbacks --------------------------------------------------------------------------------------------------

    private static void callback(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        PoolFuture<Integer> first = pool.submit(() -> 1);
        CompletableFuture<Integer> next = first.thenApply(value -> value + 1);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        world.user("getter", () -> same(second.get(), 2));
        same(next.join(), 2);
        same(result(first), 1);
    }

    private static void callbackJoinsNext(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        PoolFuture<Integer> first = pool.submit(() -> 1);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        CompletableFuture<Integer> sum = first.thenApply(value -> value + second.join());
        PoolFuture<Integer> third = pool.submit(() -> 3);
        world.user("getter", () -> same(third.get(), 3));
        same(result(sum), 3);
    }

    private static void callbackSubmits(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        CompletableFuture<Integer> chain = pool.submit(() -> 1).thenCompose(value -> pool.submit(() -> value + 1));
        world.user("getter", () -> same(pool.submit(() -> 3).get(), 3));
        same(result(chain), 2);
    }

    private static void callbackCloses(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        CompletableFuture<Void> closed = pool.submit(() -> 1).thenAccept(value -> pool.close());
        result(closed);
        check(pool.isTerminated(), "closed, but not terminated");
    }

    // ---- cancelling -------------------------------------------------------------------------------------------------

    private static void cancelRacesCompletion(World world, boolean mayInterrupt) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        PoolFuture<Integer> victim = pool.submit(() -> 1);
        PoolFuture<Integer> other = pool.submit(() -> 2);
        world.user("canceller", () -> victim.cancel(mayInterrupt));
        try {
            same(victim.get(), 1);
        } catch (CancellationException e) {
            check(victim.isCancelled(), "it says cancelled, but isn't");
        }
        same(result(other), 2);
    }

    private static void cancelWaitingAfterShutdown(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        PoolFuture<Integer> only = pool.submit(() -> 1);
        pool.shutdown();
        only.cancel(false);
        try {
            same(result(only), 1);
        } catch (CancellationException e) {
            check(only.isCancelled(), "it says cancelled, but isn't");
        }
    }

    /** The worker has one call, which doesn't end, and another one waits: that is all that there is room for. */
    private static ProcessPoolExecutor full(World world, List<PoolFuture<Integer>> futures) throws Exception {
        ProcessPoolExecutor pool =
                world.pool(1, options -> options.maxTasksPerWorker(1).queueCapacity(1));
        futures.add(pool.submit(Scenarios::neverReturn));
        quiet();
        futures.add(pool.submit(() -> 1));
        return pool;
    }

    private static void cancelMakesRoom(World world) throws Exception {
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        ProcessPoolExecutor pool = full(world, futures);
        CompletableFuture<PoolFuture<Integer>> accepted = new CompletableFuture<>();
        world.user("submitter", () -> accepted.complete(pool.submit(() -> 2)));
        futures.get(1).cancel(false);
        PoolFuture<Integer> last = result(accepted);
        world.process(1).kill();
        same(result(last), 2);
    }

    private static void deadline(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        ProcessPoolExecutor hurried = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(3)));
        PoolFuture<Integer> late = hurried.submit(Scenarios::neverReturn);
        PoolFuture<Integer> behind = pool.submit(() -> 2);
        Throwable thrown = thrownBy(late);
        check(thrown instanceof TaskTimeoutException, thrown);
        same(result(behind), 2);
    }

    private static Integer neverReturn() {
        ChildThread.process().hang();
        return 0;
    }

    // ---- dying ------------------------------------------------------------------------------------------------------

    private static void crash(World world, int retries) throws Exception {
        ProcessPoolExecutor pool = world.pool(1);
        ProcessPoolExecutor submitter = pool.with(TaskOptions.defaults().retries(retries));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int value = i;
            futures.add(submitter.submit(() -> value));
        }
        same(result(pool.submit(() -> 7)), 7); // so it is no failed start
        for (int i = 3; i < 5; i++) {
            int value = i;
            futures.add(submitter.submit(() -> value));
        }
        world.user("killer", () -> world.process(1).kill());
        int victims = 0;
        for (int i = 0; i < futures.size(); i++) {
            try {
                same(result(futures.get(i)), i);
            } catch (ExecutionException e) {
                check(e.getCause() instanceof WorkerCrashedException, e.getCause());
                victims++;
            }
        }
        check(victims <= (retries == 0 ? 1 : 0), victims + " victims of one crash");
    }

    /** The other worker gets the call that was running, and has to be woken for it. */
    private static void crashBesideIdle(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(2);
        PoolFuture<Integer> first = pool.submit(() -> 1);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        same(result(first), 1);
        same(result(second), 2);
        quiet();
        PoolFuture<Integer> victim =
                pool.with(TaskOptions.defaults().retries(3)).submit(Scenarios::crashInTheFirst);
        same(result(victim), 3);
    }

    private static Integer crashInTheFirst() {
        if (ChildThread.process().isFirst()) {
            ChildThread.process().kill();
            ChildThread.process().hang();
        }
        return 3;
    }

    /** The JVM of one of two workers begins to exit, and takes its time. */
    private static void exit(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(2));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int value = i;
            futures.add(pool.submit(() -> value == 1 ? exitInTheFirst() : value));
        }
        for (int i = 0; i < futures.size(); i++) {
            try {
                same(result(futures.get(i)), i);
            } catch (ExecutionException e) {
                check(i == 1 && e.getCause() instanceof WorkerCrashedException, e.getCause());
            }
        }
    }

    private static Integer exitInTheFirst() {
        if (ChildThread.process().isFirst()) {
            ChildThread.process().beginExit();
            ChildThread.process().hang();
        }
        return 1;
    }

    /** Whatever the child is at, its first call included. */
    private static void crashAtStart(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1);
        world.user("killer", () -> world.process(1).kill());
        PoolFuture<Integer> future = pool.submit(() -> 1);
        try {
            same(result(future), 1);
        } catch (ExecutionException e) {
            check(e.getCause() instanceof WorkerCrashedException, e.getCause());
        }
    }

    private static void outOfMemory(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1);
        PoolFuture<Integer> victim = pool.submit((SerializableCallable<Integer>) () -> {
            throw new OutOfMemoryError("as a task may throw it");
        });
        PoolFuture<Integer> behind = pool.submit(() -> 2);
        Throwable thrown = thrownBy(victim);
        check(thrown instanceof OutOfMemoryError, thrown);
        same(result(behind), 2);
    }

    // ---- workers ----------------------------------------------------------------------------------------------------

    private static void steal(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(2));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int value = i;
            futures.add(pool.submit(() -> value));
        }
        for (int i = 0; i < futures.size(); i++) {
            same(result(futures.get(i)), i);
        }
    }

    private static void recycle(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1, options -> options.maxTasksPerWorker(1));
        PoolFuture<Integer> first = pool.submit(() -> 1);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        world.user("getter", () -> same(first.get(), 1));
        same(result(second), 2);
    }

    private static void resize(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        PoolFuture<Integer> first = pool.submit(() -> 1);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        world.user("resizer", () -> {
            pool.resize(2);
            pool.resize(1);
        });
        PoolFuture<Integer> third = pool.submit(() -> 3);
        same(result(first), 1);
        same(result(second), 2);
        same(result(third), 3);
    }

    private static void boundedLine(World world) {
        ProcessPoolExecutor pool = world.pool(1, options -> options.queueCapacity(1));
        for (int i = 0; i < 3; i++) {
            int value = i;
            world.user("submitter " + i, () -> same(pool.submit(() -> value).get(), value));
        }
    }

    private static void idleWorkersEnd(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1, options -> options.idleTimeout(Duration.ofMillis(2)));
        same(result(pool.submit(() -> 1)), 1);
        world.user("getter", () -> same(pool.submit(() -> 2).get(), 2));
        same(result(pool.submit(() -> 3)), 3);
    }

    // ---- ending -----------------------------------------------------------------------------------------------------

    private static void shutdownRacesSubmit(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        world.user("closer", pool::shutdown);
        for (int i = 0; i < 2; i++) {
            int value = i;
            try {
                same(result(pool.submit(() -> value)), value);
            } catch (RejectedExecutionException e) {
                check(pool.isShutdown(), "rejected, but not shut down");
            }
        }
    }

    /** A worker that sleeps, or is about to, is woken to end, and not killed for it some seconds later. */
    private static void soonEnded(World world, boolean asleep) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        if (asleep) {
            quiet();
        }
        long start = System.nanoTime();
        pool.shutdown();
        check(pool.awaitTermination(1, TimeUnit.MINUTES), pool + " doesn't terminate");
        check(System.nanoTime() - start < SOON_NANOS, "the end took " + (System.nanoTime() - start) + " ns");
    }

    private static void shutdownAtStart(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1);
        PoolFuture<Integer> only = pool.submit(() -> 1);
        world.user("canceller", () -> only.cancel(false));
        pool.shutdown();
        try {
            same(result(only), 1);
        } catch (CancellationException e) {
            check(only.isCancelled(), "it says cancelled, but isn't");
        }
    }

    private static void shutdownNowBeforeStart(World world) {
        world.pool(1).shutdownNow();
    }

    /** Who waits for room waits no more. */
    private static void fullLine(World world, Consumer<ProcessPoolExecutor> end) throws Exception {
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        ProcessPoolExecutor pool = full(world, futures);
        CompletableFuture<Boolean> rejected = new CompletableFuture<>();
        world.user("submitter", () -> {
            try {
                pool.submit(() -> 2);
                rejected.complete(false);
            } catch (RejectedExecutionException e) {
                rejected.complete(true);
            }
        });
        quiet();
        end.accept(pool);
        same(result(rejected), true);
        world.process(1).kill();
        try {
            same(result(futures.get(1)), 1);
        } catch (CancellationException e) {
            check(pool.isShutdown(), "cancelled, but not shut down");
        }
    }

    /** No worker can be started, and the pool ends. */
    private static void failedStart(World world, Consumer<ProcessPoolExecutor> end) throws Exception {
        world.failStarts();
        ProcessPoolExecutor pool = world.pool(1);
        PoolFuture<Integer> future = pool.submit(() -> 1);
        world.user("closer", () -> end.accept(pool));
        Throwable thrown = thrownBy(future);
        check(thrown instanceof CancellationException || thrown instanceof BrokenPoolException, thrown);
    }

    private static void shutdownNow(World world) throws Exception {
        ended(world, ProcessPoolExecutor::shutdownNow);
    }

    private static void terminateWorkers(World world) throws Exception {
        ended(world, ProcessPoolExecutor::terminateWorkers);
    }

    private static void ended(World world, Consumer<ProcessPoolExecutor> end) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int value = i;
            futures.add(pool.submit(() -> value));
        }
        world.user("terminator", () -> end.accept(pool));
        for (int i = 0; i < 3; i++) {
            try {
                same(result(futures.get(i)), i);
            } catch (CancellationException e) {
                check(pool.isShutdown(), "cancelled, but not shut down");
            }
        }
    }

    // ---- long calls -------------------------------------------------------------------------------------------------

    private static void longCalls(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        byte[] argument = new byte[LONG];
        argument[LONG - 1] = 5;
        PoolFuture<Integer> first = pool.submit(() -> (int) argument[LONG - 1]);
        PoolFuture<byte[]> second = pool.submit(() -> new byte[LONG]);
        world.user("getter", () -> same(pool.submit(() -> 3).get(), 3));
        same(result(first), 5);
        same(result(second).length, LONG);
    }

    private static void longCallCancelled(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1);
        same(result(pool.submit(() -> 1)), 1);
        byte[] argument = new byte[LONG];
        PoolFuture<Integer> busy = pool.submit(() -> 2); // so that the long one waits, and is written by another thread
        PoolFuture<Integer> longOne = pool.submit(() -> (int) argument[0]);
        world.user("canceller", () -> longOne.cancel(true));
        pool.shutdown();
        try {
            same(result(longOne), 0);
        } catch (CancellationException e) {
            check(longOne.isCancelled(), "it says cancelled, but isn't");
        }
        same(result(busy), 2);
    }

    private static void longCallCrash(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1);
        same(result(pool.submit(() -> 1)), 1);
        byte[] argument = new byte[LONG];
        world.user("killer", () -> world.process(1).kill());
        PoolFuture<Integer> first = pool.submit(() -> (int) argument[0]);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        for (PoolFuture<Integer> future : List.of(first, second)) {
            try {
                same(result(future), future == first ? 0 : 2);
            } catch (ExecutionException e) {
                check(e.getCause() instanceof WorkerCrashedException, e.getCause());
            }
        }
    }

    /** More than the ring of replies holds. */
    private static void longAnswer(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        same(result(pool.submit(() -> new byte[MORE_THAN_THE_RING])).length, MORE_THAN_THE_RING);
    }

    // ---- output -----------------------------------------------------------------------------------------------------

    private static void capturedOutput(World world) throws Exception {
        ProcessPoolExecutor pool = world.pool(1, options -> options.output(WorkerOutput.capture()));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int value = i;
            futures.add(pool.submit(() -> {
                ChildThread.out().println("out " + value);
                ChildThread.err().print("err");
                return value;
            }));
        }
        for (int i = 0; i < 2; i++) {
            same(result(futures.get(i)), i);
            same(futures.get(i).output(), "out " + i + System.lineSeparator() + "err");
        }
    }

    private static void printedLines(World world) throws Exception {
        List<String> lines = new ArrayList<>();
        ProcessPoolExecutor pool = world.pool(
                1,
                options -> options.output(WorkerOutput.lines(line -> {
                    synchronized (lines) {
                        lines.add(line.substring(line.length() - 1));
                    }
                })));
        PoolFuture<Integer> first = pool.submit(() -> {
            ChildThread.out().println("a");
            ChildThread.out().println("b");
            return 1;
        });
        PoolFuture<Integer> second = pool.submit(() -> 2);
        world.user("getter", () -> same(second.get(), 2));
        same(result(first), 1);
        pool.close();
        synchronized (lines) {
            same(lines, List.of("a", "b"));
        }
    }

    /** The parent isn't woken for what is no line yet. */
    private static void printedFlood(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1, options -> options.output(WorkerOutput.capture())));
        same(
                result(pool.submit(() -> {
                    ChildThread.out().write(new byte[MORE_THAN_THE_RING], 0, MORE_THAN_THE_RING);
                    return 1;
                })),
                1);
    }

    /** Room is made at the very moment when the reader finds that there is none. */
    private static void heldUpByLines(World world) throws Exception {
        HeldUpReader reader = new HeldUpReader();
        world.user("taker", reader::take);
        reader.readOn();
        quiet();
        check(reader.isReadInTheEnd(), "nobody reads the rest");
    }

    // ---- many -------------------------------------------------------------------------------------------------------

    private static void asCompleted(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(2));
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int value = i;
            futures.add(pool.submit(() -> value));
        }
        Set<Integer> seen = new HashSet<>();
        Futures.asCompleted(futures).forEach(future -> seen.add(future.join()));
        same(seen, Set.of(0, 1, 2));
    }

    private static void map(World world, MapOptions options) {
        ProcessPoolExecutor pool = world.pool(2);
        List<Integer> items = Arrays.asList(1, 2, 3, 4, 5);
        world.user("getter", () -> same(pool.submit(() -> 7).get(), 7));
        List<Integer> results = new ArrayList<>();
        try (Stream<Integer> stream = pool.map((Integer item) -> item * 10, items, options.chunkSize(2))) {
            stream.forEach(results::add);
        }
        results.sort(null);
        same(results, List.of(10, 20, 30, 40, 50));
    }

    private static void mapClosedEarly(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        List<Integer> items = Arrays.asList(1, 2, 3, 4, 5, 6);
        try (Stream<Integer> stream = pool.map(
                (Integer item) -> item * 10, items, MapOptions.defaults().chunkSize(1))) {
            Iterator<Integer> results = stream.iterator();
            same(results.next(), 10);
        }
        world.user("getter", () -> same(pool.submit(() -> 7).get(), 7));
    }

    private static void completedByHand(World world) throws Exception {
        ProcessPoolExecutor pool = ready(world.pool(1));
        PoolFuture<Integer> first = pool.submit(() -> 1);
        PoolFuture<Integer> second = pool.submit(() -> 2);
        world.user("meddler", () -> first.complete(1));
        same(result(first), 1);
        same(result(second), 2);
    }

    // ---- the JVM ----------------------------------------------------------------------------------------------------

    /** Work comes at the very moment when the thread that has kept the JVM alive finds that there is none. */
    private static void keepAlive(World world) throws Exception {
        String name = "keep-alive of this scenario";
        KeepAlive keepAlive = new KeepAlive(name);
        keepAlive.workSubmitted();
        keepAlive.workDone();
        LockSupport.parkNanos(KEEP_ALIVE_NANOS);
        keepAlive.workSubmitted();
        quiet();
        check(
                Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals(name)),
                "nothing keeps the JVM alive");
        keepAlive.workDone();
    }
}
