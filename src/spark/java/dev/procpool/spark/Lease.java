package dev.procpool.spark;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.spark.FutureAction;
import org.apache.spark.rpc.RpcCallContext;
import org.jspecify.annotations.Nullable;

/** The driver's view of a slot that it has for a while. Guarded by the lock of {@link Leases}, but for the number. */
final class Lease {
    private final long id;
    private final Set<Integer> known = new HashSet<>();
    private final long since = System.nanoTime();

    private @Nullable FutureAction<?> job;
    private int attempt = -1;
    private volatile long pid = -1;
    private boolean ending;
    private boolean killed;

    /** The tasks that the executor has, by their index; null where a reply has come. */
    private List<@Nullable SparkTask<?>> group = new ArrayList<>();

    private @Nullable RpcCallContext parked;
    private long parkedSince;

    Lease(long id) {
        this.id = id;
    }

    long id() {
        return id;
    }

    long pid() {
        return pid;
    }

    /** When it was asked for. */
    long since() {
        return since;
    }

    int attempt() {
        return attempt;
    }

    /** An executor has begun to work for it. */
    void begin(int attempt, long pid) {
        this.attempt = attempt;
        this.pid = pid;
        known.clear();
    }

    boolean hasBegun() {
        return attempt >= 0;
    }

    /** The job that Spark runs for it; cancelled at once if the lease is not wanted any more. */
    void job(FutureAction<?> job) {
        this.job = job;
        if (killed) {
            job.cancel();
        }
    }

    /** Interrupts what runs, ends the lease, and if need be the executor. */
    void kill() {
        killed = true;
        ending = true;
        if (job != null) {
            job.cancel();
        }
    }

    boolean isKilled() {
        return killed;
    }

    /** It gets no more work. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** Sends a group of tasks. */
    void give(List<SparkTask<?>> tasks, RpcCallContext asker) {
        group = new ArrayList<>(tasks);
        tasks.forEach(task -> task.givenTo(this));
        asker.reply(Groups.write(tasks, known));
    }

    /** Takes a task off the group: a reply has come. */
    @Nullable SparkTask<?> take(int index) {
        return index < group.size() ? group.set(index, null) : null;
    }

    /** The tasks for which no reply has come. */
    List<SparkTask<?>> outstanding() {
        List<SparkTask<?>> left = new ArrayList<>();
        group.stream().filter(Objects::nonNull).forEach(left::add);
        return left;
    }

    /** Forgets the group. */
    void clear() {
        group = new ArrayList<>();
    }

    /** The executor waits for work. */
    void park(RpcCallContext asker) {
        parked = asker;
        parkedSince = System.nanoTime();
    }

    boolean isParked() {
        return parked != null;
    }

    long parkedSince() {
        return parkedSince;
    }

    /** The executor that waits. */
    RpcCallContext unpark() {
        RpcCallContext asker = Objects.requireNonNull(parked);
        parked = null;
        return asker;
    }
}
