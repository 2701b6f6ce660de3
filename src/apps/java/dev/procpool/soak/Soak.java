package dev.procpool.soak;

import dev.procpool.PoolFuture;
import dev.procpool.PoolStats;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.WorkerOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A chaos run: all kinds of tasks from several threads, while workers are killed and stopped at random; at the end every
 * single task is accounted for. {@link #run} does it, once; the other public methods may be called by any thread.
 */
public final class Soak {
    /** The name of the pool, and so the beginning of the names of its threads. */
    static final String POOL = "soak-pool";

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    /** When no task has ended for so long, those that wait are lost. */
    static final Duration STANDSTILL = SoakPlan.HEARTBEAT_TIMEOUT.multipliedBy(6);

    private static final long HEAP_SLACK = 32L << 20;
    private static final long NATIVE_SLACK = 128L << 20;
    private static final long MEGABYTE = 1 << 20;

    private final SoakPlan plan;
    private final Ledger ledger = new Ledger();
    private final AtomicInteger nextTask = new AtomicInteger();
    private final PrintedLines lines = new PrintedLines(ledger);
    private final ConcurrentLinkedQueue<int[]> expectedLines = new ConcurrentLinkedQueue<>();
    private final LongAdder callbacksExpected = new LongAdder();
    private final LongAdder callbacksRun = new LongAdder();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "canceller");
        thread.setDaemon(true);
        return thread;
    });

    private final StartCounts starts;
    private final ProcessPoolExecutor pool;
    private final Chaos chaos;
    private final Judge judge;
    private volatile long started = System.nanoTime();
    private volatile boolean stopped;

    /**
     * Prepares a run.
     *
     * @throws IOException if there is no room for its files
     */
    public Soak(SoakPlan plan) throws IOException {
        this.plan = plan;
        this.starts = StartCounts.create();
        this.pool = ProcessPoolExecutor.builder()
                .name(POOL)
                .workers(plan.workers())
                .heapSize(SoakPlan.WORKER_HEAP)
                .heartbeatTimeout(SoakPlan.HEARTBEAT_TIMEOUT)
                .initializer(Deeds::warmUp)
                .environment(Map.of(StartCounts.VARIABLE, starts.path()))
                .output(WorkerOutput.lines(lines::arrived))
                .build();
        this.chaos = new Chaos(pool, plan);
        this.judge = new Judge(ledger, task -> starts.of(task) > 0, crash -> !plan.isTiny() && chaos.excuses(crash));
    }

    /** Runs, and returns the books when all is over; after {@link #stop} as soon as what was submitted has ended. */
    public Ledger run() throws IOException, InterruptedException {
        Resources before = resources();
        started = System.nanoTime();
        if (!plan.killEvery().isZero()) {
            chaos.start();
        }
        Resources early = plan.threadsWait() ? letThreadsWait() : letThemSubmit();
        if (!plan.killEvery().isZero()) {
            chaos.end();
            chaos.join();
        }
        double seconds = seconds();
        Resources late = resources();
        timer.shutdownNow();
        pool.close();
        checkLines();
        checkStarts();
        Resources after = awaitAllGone(before);
        report(early, late, before, after, seconds);
        starts.close();
        return ledger;
    }

    /** What this process holds early on, as each of these two returns it. */
    private Resources letThreadsWait() throws InterruptedException {
        ConcurrentUse use = ConcurrentUse.in(this, plan, judge);
        use.start();
        Resources early = awaitSteadyState();
        use.join();
        return early;
    }

    private Resources letThemSubmit() throws InterruptedException {
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < plan.threads(); i++) {
            Thread thread = new Thread(new Submitter(this, plan, i), "submitter-" + i);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((failed, e) -> ledger.wrong(failed.getName() + " ended by " + e));
            thread.start();
            submitters.add(thread);
        }
        Resources early = awaitSteadyState();
        for (Thread submitter : submitters) {
            submitter.join();
        }
        return early;
    }

    /** No more tasks are submitted and no more workers attacked, so that the rest is soon done. */
    public void stop() {
        stopped = true;
        chaos.end();
    }

    /** Where it stands, in one line. */
    public String progress() {
        PoolStats stats = pool.stats();
        return String.format(
                "%.0f s: %,d submitted, %,d done, %,d wrong; workers: %,d started, %s",
                seconds(),
                ledger.tasks(),
                stats.completed() + stats.failed() + stats.cancelled(),
                ledger.errors(),
                stats.workersStarted(),
                chaos.report());
    }

    private double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    // ---- for the submitters -----------------------------------------------------------------------------------------

    Ledger ledger() {
        return ledger;
    }

    Judge judge() {
        return judge;
    }

    StartCounts starts() {
        return starts;
    }

    ProcessPoolExecutor pool() {
        return pool;
    }

    boolean goesOn() {
        return !stopped
                && nextTask.get() < plan.tasks()
                && System.nanoTime() - started < plan.duration().toNanos();
    }

    /** The number of the next task, or -1 if there are enough. */
    int nextTask() {
        int task = nextTask.getAndUpdate(next -> Math.min(plan.tasks(), next + 1));
        if (task >= plan.tasks()) {
            return -1;
        }
        ledger.submitted();
        return task;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback only counts
    void expectCallback(PoolFuture<?> future) {
        callbacksExpected.increment();
        future.whenComplete((value, failure) -> callbacksRun.increment());
    }

    /** Always true: to be said of a task that has returned. */
    boolean expectLines(int task, int count) {
        expectedLines.add(new int[] {task, count});
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the outcome is judged by the one who submitted the task
    void cancelLater(Errand errand, boolean mayInterrupt, int millis) {
        timer.schedule(() -> errand.future().cancel(mayInterrupt), millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the end of a task and enters it into the books. */
    void settle(Errand errand) {
        try {
            Object value = await(errand.future());
            judge.value(errand.task(), errand.toString(), value, errand.rightValue());
        } catch (ExecutionException e) {
            judge.failure(errand.toString(), e.getCause() == null ? e : e.getCause(), errand.rightFailure());
        } catch (CancellationException e) {
            if (errand.mayBeCancelled()) {
                ledger.cancelled();
            } else {
                judge.cancelledByNobody(errand.toString());
            }
        } catch (TimeoutException e) {
            ledger.lost(errand + ", " + errand.future());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ledger.lost(errand + ", nobody waited for it");
        }
    }

    /** Waits for as long as there is progress anywhere. */
    private @Nullable Object await(PoolFuture<?> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            PoolStats before = pool.stats();
            try {
                return future.get(STANDSTILL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                PoolStats now = pool.stats();
                if (now.completed() == before.completed() && now.failed() == before.failed()) {
                    throw e;
                }
            }
        }
    }

    // ---- checks -----------------------------------------------------------------------------------------------------

    /** What this process holds after a fifth of the run, by when all classes are loaded and all buffers have grown. */
    private Resources awaitSteadyState() {
        while (goesOn()
                && nextTask.get() < plan.tasks() / 5
                && System.nanoTime() - started < plan.duration().toNanos() / 5) {
            LockSupport.parkNanos(10_000_000);
        }
        return resources();
    }

    void checkLines() {
        for (int[] expected : expectedLines) {
            if (lines.of(expected[0]) != expected[1]) {
                ledger.lost("of the " + expected[1] + " lines of task " + expected[0] + " " + lines.of(expected[0])
                        + " came");
            }
        }
        if (callbacksRun.sum() != callbacksExpected.sum()) {
            ledger.lost(callbacksExpected.sum() + " callbacks were due, " + callbacksRun.sum() + " have run");
        }
    }

    /** A reply that nobody read in time is a hang that was only just averted. */
    void checkRescued(PoolStats stats) {
        if (stats.rescued() != 0) {
            ledger.wrong(stats.rescued() + " replies lay unread until the monitor took them out");
        }
    }

    void checkStarts() {
        int limit = 1 + plan.retries();
        for (int task = 0; task < nextTask.get(); task++) {
            int count = starts.of(task);
            if (count > limit) {
                ledger.startedTwice("task " + task + " was started " + count + " times");
            }
        }
    }

    Resources resources() {
        return Resources.now(StartCounts.VARIABLE + "=" + starts.path());
    }

    /** Threads, processes and files may take a moment to go; what is still there after {@link #CLOSE_PATIENCE} stays. */
    private Resources awaitAllGone(Resources before) {
        long until = System.nanoTime() + CLOSE_PATIENCE.toNanos();
        Resources now = resources();
        while (!(leakedWorkers(before, now).isEmpty() && leftOver(before, now).isEmpty())
                && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(50_000_000);
            now = resources();
        }
        leakedWorkers(before, now).forEach(ledger::workerLeaked);
        leftOver(before, now).forEach(ledger::leaked);
        return now;
    }

    static List<String> leakedWorkers(Resources before, Resources after) {
        return after.processes().stream()
                .filter(pid -> !before.processes().contains(pid))
                .map(pid -> "process " + pid)
                .toList();
    }

    static List<String> leftOver(Resources before, Resources after) {
        List<String> left = new ArrayList<>();
        after.threads().stream()
                .filter(name -> !before.threads().contains(name))
                .forEach(name -> left.add("thread " + name));
        after.files().stream().filter(file -> !before.files().contains(file)).forEach(file -> left.add("file " + file));
        left.addAll(after.descriptors().openedSince(before.descriptors()));
        return left;
    }

    private void report(Resources early, Resources late, Resources before, Resources after, double seconds) {
        PoolStats stats = pool.stats();
        ledger.remark(String.format(
                "workers: %,d started, %s; %,d tasks retried",
                stats.workersStarted(), chaos.report(), stats.retried()));
        ledger.remark("file descriptors: " + before.descriptors().count() + " before, "
                + after.descriptors().count() + " after");
        ledger.remark("threads of pools: " + before.threads().size() + " before, "
                + after.threads().size() + " after");
        ledger.remark("control files: " + (after.files().size() - before.files().size()) + " left, mapped: "
                + after.mappings());
        ledger.remark(megabytes("heap after collection", early.heap(), late.heap()));
        ledger.remark(megabytes("resident", early.resident(), late.resident()));
        ledger.remark(String.format("%.1f s, %,.0f tasks/s", seconds, ledger.tasks() / seconds));
        checkRescued(stats);
        if (late.heap() - early.heap() > HEAP_SLACK) {
            ledger.leaked(megabytes("heap", early.heap(), late.heap()));
        }
        if (late.outsideHeap() - early.outsideHeap() > NATIVE_SLACK) {
            ledger.leaked(megabytes("memory outside of the heap", early.outsideHeap(), late.outsideHeap()));
        }
    }

    private static String megabytes(String what, long early, long late) {
        return what + ": " + early / MEGABYTE + " MB early, " + late / MEGABYTE + " MB late";
    }
}
