package dev.procpool.spark;

import dev.procpool.PoolFuture;
import dev.procpool.TaskOptions;
import dev.procpool.internal.wire.Payload;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The future of a task on the cluster, and the task on its way. */
final class SparkTask<T> extends PoolFuture<T> {
    private final Leases leases;
    private final TaskOptions options;
    private final byte[] body;
    private final int[] definitions;
    private final Object given;
    private final @Nullable T result;

    private volatile @Nullable Lease lease;
    private volatile long pid = -1;

    // Guarded by the lock of Leases:
    private int attempts;
    private boolean settled;
    private boolean alone;
    private boolean killWhenKnown;

    /**
     * Makes the future of a task that is about to be submitted.
     *
     * @param body the encoded task
     * @param given the task as the caller gave it, for {@code shutdownNow}
     * @param result what a task without a value of its own returns
     */
    SparkTask(Leases leases, long taskId, TaskOptions options, Payload body, Object given, @Nullable T result) {
        super(taskId, options.label().orElse(null));
        this.leases = leases;
        this.options = options;
        this.body = Groups.bytes(body);
        this.definitions = body.definitions();
        this.given = given;
        this.result = result;
    }

    byte[] body() {
        return body;
    }

    int[] definitions() {
        return definitions;
    }

    /** 0 if there is none; a deadline of 292 years or more is none. */
    long timeoutNanos() {
        return options.timeout().map(TimeUnit.NANOSECONDS::convert).orElse(0L);
    }

    Duration timeout() {
        return options.timeout().orElse(Duration.ZERO);
    }

    String name() {
        return options.label().orElse("task " + taskId());
    }

    /** The task, to be run by whoever wants to. */
    Runnable asRunnable() {
        return given instanceof Callable<?> callable ? new FutureTask<>(callable) : (Runnable) given;
    }

    /** Where it runs; null while it waits. */
    @Nullable Lease lease() {
        return lease;
    }

    /** It is about to start there. */
    void givenTo(Lease lease) {
        attempts++;
        pid = lease.pid();
        this.lease = lease;
    }

    /** It came back without having started. */
    void givenBack() {
        attempts--;
        lease = null;
    }

    /** Its attempt has failed; true if it may be started again. */
    boolean mayRetry() {
        lease = null;
        return attempts <= options.retries();
    }

    /** It may have been the one that took its executor with it, but perhaps another one of its group was. */
    void suspected() {
        givenBack();
        alone = true;
    }

    /** Whether it has to be a group of its own. */
    boolean isAlone() {
        return alone;
    }

    /** It was cancelled while it was one of a group: it is to be killed if it turns out to be the one that runs. */
    void killWhenKnown(boolean kill) {
        killWhenKnown = kill;
    }

    boolean isKilledWhenKnown() {
        return killWhenKnown;
    }

    int attempts() {
        return attempts;
    }

    @Override
    public OptionalLong workerPid() {
        return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    @Override
    protected boolean hasStarted() {
        return lease != null;
    }

    @Override
    protected void cancelled(boolean mayInterruptIfRunning) {
        leases.cancel(this, mayInterruptIfRunning);
    }

    /** Completes this with a value of the task. */
    @SuppressWarnings("unchecked") // the task said what it returns
    void succeedWith(@Nullable Object value) {
        succeed(given instanceof Callable ? (T) value : result);
    }

    /** Completes this with a failure. */
    void failWith(Throwable thrown) {
        fail(thrown);
    }

    /** True the first time: the task is over, whatever became of it. */
    boolean settle() {
        boolean first = !settled;
        settled = true;
        return first;
    }
}
