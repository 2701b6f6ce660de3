package dev.procpool.spark;

import dev.procpool.BrokenPoolException;
import dev.procpool.TaskTimeoutException;
import dev.procpool.internal.os.KeepAlive;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.rpc.RpcCallContext;
import org.jspecify.annotations.Nullable;

/**
 * The waiting line, and the leases that work it off: which slot gets what. One lock for all of it; futures are completed
 * and Spark is called outside of it.
 */
final class Leases {
    /** The most bytes that a task or a result may have. */
    static final int MAX_LENGTH = 256 << 20;

    /** A group is made so large that an executor needs this long for it: long against a round trip, short for people. */
    private static final double TARGET_NANOS = 10_000_000;

    private static final long MAX_GROUP_BYTES = 4 << 20;
    /** How long an executor that has nothing to do keeps its lease: a task that comes meanwhile starts at once. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Spark's scheduler gets its say after that. */
    private static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** So many leases in a row that ended before an executor had begun: then it is no accident. */
    private static final int MAX_FAILED_STARTS = 3;

    private final String name;
    private final Cluster cluster;
    private final int maxGroup;
    private final long patienceNanos;
    private final KeepAlive keepAlive;
    private final Deliverer deliverer;
    private final CountDownLatch terminated = new CountDownLatch(1);

    // Guarded by this:
    private final Deque<SparkTask<?>> waiting = new ArrayDeque<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    private long lastLease;
    /** Tasks that are submitted and not settled. */
    private int open;
    /** When there was the last sign of an executor, or of no need for one. */
    private long lastProgress = System.nanoTime();

    private double nanosPerTask = Double.MAX_VALUE;
    private int groupSize = 1;
    private int failedStarts;
    private boolean shutdown;
    private boolean ended;
    private @Nullable String broken;

    /**
     * Creates a waiting line.
     *
     * @param maxGroup the most tasks that an executor fetches at a time
     * @param patienceNanos how long tasks may wait without any executor before the cluster counts as broken
     */
    Leases(String name, Cluster cluster, int maxGroup, long patienceNanos) {
        this.name = name;
        this.cluster = cluster;
        this.maxGroup = maxGroup;
        this.patienceNanos = patienceNanos;
        keepAlive = new KeepAlive(name + "-keep-alive");
        deliverer = new Deliverer(name);
        cluster.open(this, deliverer::execute);
    }

    // ---- from the callers

    void submit(SparkTask<?> task) {
        synchronized (this) {
            if (broken != null) {
                throw new BrokenPoolException(name + " is broken: " + broken, null);
            }
            if (shutdown) {
                throw new RejectedExecutionException(name + " has been shut down");
            }
            keepAlive.workSubmitted();
            if (open++ == 0) {
                lastProgress = System.nanoTime();
            }
            waiting.add(task);
            serve();
        }
    }

    void cancel(SparkTask<?> task, boolean mayInterrupt) {
        synchronized (this) {
            Lease lease = task.lease();
            if (lease != null && mayInterrupt && lease.outstanding().size() == 1) {
                lease.kill();
            }
            // In a larger group the executor tells within a moment which task runs: replied kills it then.
            task.killWhenKnown(lease != null && mayInterrupt);
        }
        settled(task);
    }

    synchronized void shutdown() {
        shutdown = true;
        endIfIdle();
    }

    List<Runnable> shutdownNow() {
        List<SparkTask<?>> neverStarted = new ArrayList<>();
        List<SparkTask<?>> running = new ArrayList<>();
        synchronized (this) {
            shutdown = true;
            waiting.stream().filter(task -> !task.isDone()).forEach(neverStarted::add);
            waiting.clear();
            leases.values().forEach(lease -> running.addAll(lease.outstanding()));
        }
        List<Runnable> runnables = new ArrayList<>();
        for (SparkTask<?> task : neverStarted) {
            if (!task.isDone()) {
                task.cancel(false);
                runnables.add(task.asRunnable());
            }
        }
        running.forEach(task -> task.cancel(true));
        synchronized (this) {
            endIfIdle();
            return runnables;
        }
    }

    synchronized boolean isShutdown() {
        return shutdown;
    }

    boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }

    /** Whether this is a thread on which callbacks run. */
    boolean isRunningOn(Thread thread) {
        return deliverer.isRunningOn(thread);
    }

    // ---- from the executors, by the endpoint, in order

    /** An executor reports, and perhaps asks for more. */
    void asked(Ask ask, RpcCallContext asker) {
        List<Runnable> completions = new ArrayList<>();
        synchronized (this) {
            Lease lease = leases.get(ask.lease());
            if (lease == null || ask.attempt() < lease.attempt()) {
                asker.reply(Groups.NOTHING);
                return;
            }
            lastProgress = System.nanoTime();
            if (ask.attempt() > lease.attempt()) {
                lost(lease, "Spark has started its task again", completions);
                lease.begin(ask.attempt(), ask.pid());
                failedStarts = 0;
            }
            replied(lease, ask, completions);
            if (!ask.wantsWork()) {
                asker.reply(Groups.NOTHING);
            } else {
                offer(lease, asker);
            }
            serve();
            endIfIdle();
        }
        deliverer.deliver(completions);
    }

    /** A lease's job has ended; {@code failure} says why, if it should not have. */
    void over(long id, @Nullable Throwable failure) {
        List<Runnable> completions = new ArrayList<>();
        synchronized (this) {
            Lease lease = leases.remove(id);
            if (lease == null) {
                return;
            }
            String why = failure == null ? "its task ended" : String.valueOf(failure.getMessage());
            if (lease.isKilled()) {
                lease.outstanding().forEach(this::again);
            } else {
                lost(lease, why, completions);
            }
            if (failure != null && !lease.hasBegun() && !lease.isKilled() && ++failedStarts >= MAX_FAILED_STARTS) {
                breakDown("executors could not begin, " + failedStarts + " times in a row: " + why, completions);
            }
            serve();
            endIfIdle();
        }
        deliverer.deliver(completions);
    }

    /** Called about ten times a second. */
    void tick() {
        List<Runnable> completions = new ArrayList<>();
        synchronized (this) {
            long now = System.nanoTime();
            if (cluster.isStopped()) {
                applicationEnded(completions);
            } else if (open == 0 || leases.values().stream().anyMatch(Lease::hasBegun)) {
                lastProgress = now;
            } else if (now - lastProgress > patienceNanos) {
                breakDown(
                        "no executor of " + cluster + " has taken a task for "
                                + TimeUnit.NANOSECONDS.toSeconds(patienceNanos)
                                + " s: its workers are dead, or have no free cores or memory",
                        completions);
            }
            for (Lease lease : leases.values()) {
                if (lease.isParked() && now - lease.parkedSince() > LINGER_NANOS) {
                    end(lease);
                }
            }
            serve(); // there may be more slots than before
            endIfIdle();
        }
        deliverer.deliver(completions);
        deliverer.tick();
    }

    // ---- inside; all of it under the lock

    /** Gives waiting tasks to executors that wait, and asks Spark for slots as long as there are more tasks than slots. */
    private void serve() {
        for (Lease lease : List.copyOf(leases.values())) {
            if (lease.isParked() && !waiting.isEmpty()) {
                offer(lease, lease.unpark());
            }
        }
        int missing = Math.min(waiting.size() - starting(), cluster.slots() - active());
        for (; missing > 0; missing--) {
            start();
        }
    }

    private int active() {
        return (int) leases.values().stream().filter(lease -> !lease.isEnding()).count();
    }

    private int starting() {
        return (int) leases.values().stream()
                .filter(lease -> !lease.hasBegun() && !lease.isEnding())
                .count();
    }

    private void start() {
        Lease lease = new Lease(++lastLease);
        leases.put(lease.id(), lease);
        deliverer.execute(() -> cluster.startJob(lease.id(), job -> {
            synchronized (this) {
                lease.job(job);
            }
        }));
    }

    /** Gives the executor work, has it wait for some, or ends its lease. */
    private void offer(Lease lease, RpcCallContext asker) {
        if (lease.isEnding() || System.nanoTime() - lease.since() > LEASE_NANOS) {
            lease.end();
            asker.reply(Groups.NOTHING);
            return;
        }
        List<SparkTask<?>> tasks = nextGroup();
        if (!tasks.isEmpty()) {
            lease.give(tasks, asker);
        } else if (shutdown) {
            lease.end();
            asker.reply(Groups.NOTHING);
        } else {
            lease.park(asker);
        }
    }

    private static void end(Lease lease) {
        lease.end();
        lease.unpark().reply(Groups.NOTHING);
    }

    private List<SparkTask<?>> nextGroup() {
        int fair = Math.max(1, waiting.size() / (2 * Math.max(1, cluster.slots())));
        int size = Math.min(Math.min(groupSize, fair), maxGroup);
        List<SparkTask<?>> group = new ArrayList<>(size);
        long bytes = 0;
        while (group.size() < size && bytes < MAX_GROUP_BYTES && !waiting.isEmpty()) {
            SparkTask<?> next = waiting.getFirst();
            if (next.isAlone() && !group.isEmpty() && !next.isDone()) {
                break;
            }
            waiting.removeFirst();
            if (next.isDone()) {
                drop(next);
                continue;
            }
            group.add(next);
            bytes += next.body().length;
            if (next.isAlone()) {
                break;
            }
        }
        return group;
    }

    private void replied(Lease lease, Ask ask, List<Runnable> completions) {
        List<Groups.Reply> replies = readReplies(ask);
        List<SparkTask<?>> back = new ArrayList<>();
        int ran = 0;
        for (Groups.Reply reply : replies) {
            SparkTask<?> task = lease.take(reply.index());
            if (task == null) {
                continue;
            }
            if (reply.kind() == Groups.NOT_STARTED) {
                task.givenBack();
                back.add(0, task);
            } else if (reply.kind() == Groups.LATE) {
                late(task, completions);
            } else {
                ran++;
                completions.add(() -> {
                    Outcomes.complete(task, reply);
                    settled(task);
                });
            }
        }
        back.forEach(waiting::addFirst);
        if (ran > 0 && ask.wantsWork()) {
            adapt(ask.nanos() / (double) ran);
        }
        List<SparkTask<?>> left = lease.outstanding();
        if (left.size() == 1 && left.get(0).isKilledWhenKnown()) {
            lease.kill();
        }
    }

    private static List<Groups.Reply> readReplies(Ask ask) {
        try {
            return Groups.readReplies(ask.replies());
        } catch (IOException e) {
            throw new IllegalStateException("an executor has sent what is no reply", e);
        }
    }

    /** Believes at once that tasks have become slower, and step by step that they have become faster. */
    private void adapt(double measured) {
        nanosPerTask = measured > nanosPerTask ? measured : (measured + Math.min(nanosPerTask, 1e12)) / 2;
        groupSize = (int) Math.max(1, Math.min(TARGET_NANOS / Math.max(nanosPerTask, 1), 2.0 * groupSize));
    }

    private void late(SparkTask<?> task, List<Runnable> completions) {
        if (task.mayRetry() && !task.isDone()) {
            waiting.addFirst(task);
        } else {
            failLater(
                    task,
                    new TaskTimeoutException(
                            task.name() + " was stopped: it ran longer than its timeout, " + task.timeout(),
                            task.timeout()),
                    completions);
        }
    }

    /** The executor is gone. One task that it had was running; if it had several, nobody knows which. */
    private void lost(Lease lease, String why, List<Runnable> completions) {
        List<SparkTask<?>> left = lease.outstanding();
        lease.clear();
        if (left.size() > 1) {
            left.forEach(SparkTask::suspected);
            left.forEach(waiting::addFirst);
        } else if (!left.isEmpty()) {
            SparkTask<?> victim = left.get(0);
            if (victim.mayRetry() && !victim.isDone()) {
                waiting.addFirst(victim);
            } else {
                failLater(victim, Outcomes.crashed(victim, lease.pid(), why), completions);
            }
        }
    }

    /** One of its group was cancelled; it was not. */
    private void again(SparkTask<?> task) {
        if (task.isDone()) {
            drop(task);
        } else {
            task.suspected();
            waiting.addFirst(task);
        }
    }

    /** From now on nobody tells us when a lease is over. */
    private void applicationEnded(List<Runnable> completions) {
        String why = "the Spark application has ended: its context was stopped, or its master is gone";
        leases.values().forEach(lease -> lost(lease, why, completions));
        leases.clear();
        breakDown(why, completions);
    }

    private void breakDown(String why, List<Runnable> completions) {
        if (broken == null) {
            broken = why;
        }
        for (SparkTask<?> task : waiting) {
            failLater(task, new BrokenPoolException(name + " is broken: " + broken, null), completions);
        }
        waiting.clear();
        leases.values().stream().filter(lease -> !lease.hasBegun()).forEach(Lease::kill);
    }

    private void failLater(SparkTask<?> task, RuntimeException failure, List<Runnable> completions) {
        completions.add(() -> {
            task.failWith(failure);
            settled(task);
        });
    }

    /** The task is over; called outside of the lock, perhaps twice. */
    private void settled(SparkTask<?> task) {
        synchronized (this) {
            drop(task);
            endIfIdle();
        }
    }

    private void drop(SparkTask<?> task) {
        if (task.settle()) {
            keepAlive.workDone();
            open--;
        }
    }

    private void endIfIdle() {
        if (!shutdown || ended || open > 0) {
            return;
        }
        for (Lease lease : leases.values()) {
            if (lease.isParked()) {
                end(lease);
            } else if (!lease.hasBegun()) {
                lease.kill();
            }
        }
        if (leases.isEmpty()) {
            ended = true;
            Thread thread = new Thread(null, this::terminate, name + "-end", 0, false);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void terminate() {
        try {
            cluster.close();
        } finally {
            deliverer.close();
            terminated.countDown();
        }
    }

    @Override
    public synchronized String toString() {
        return name + "[" + cluster + ", slots=" + cluster.slots() + ", unfinished=" + open + ", "
                + (isTerminated() ? "terminated" : shutdown ? "shut down" : "running") + "]";
    }
}
