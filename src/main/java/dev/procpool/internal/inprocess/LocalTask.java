package dev.procpool.internal.inprocess;

import dev.procpool.PoolFuture;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.internal.pool.RunnableCall;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A task of a {@link LocalPool}, and its future.
 *
 * <p>A thread may be interrupted only while it is inside the task's code: {@link #enter} and {@link #leave} mark that
 * stretch, under the lock that {@link #interrupt} needs. A deadline that passes while attempts are left interrupts the
 * code, which is entered again once it has left; each attempt has the full time, but code that ignores its interrupt uses
 * up the time of the attempts that it delays, so that the future completes in any case.
 */
public class LocalTask<T> extends PoolFuture<T> implements Runnable {
    private final LocalPool pool;
    private final TaskOptions options;

    /** What to call; null once the task is over, so that a future that is kept doesn't keep what the task captured. */
    private volatile @Nullable Callable<T> call;
    /** The thread that runs the task and then its callbacks; null before and after. */
    private volatile @Nullable Thread runner;

    private volatile boolean started;

    // Guarded by this:
    private boolean inside;
    private boolean interrupted;
    private boolean late;
    private int attemptsLeft;
    private @Nullable CompletableFuture<Void> deadline;

    protected LocalTask(LocalPool pool, long taskId, Callable<T> call, TaskOptions options) {
        super(taskId, options.label().orElse(null));
        this.pool = pool;
        this.call = call;
        this.options = options;
        attemptsLeft = options.retries() + 1;
    }

    @Override
    public void run() {
        if (pool.isStopping() && !started) {
            return; // shutdownNow is about to withdraw it
        }
        Callable<T> task = call;
        try {
            runner = Thread.currentThread();
            while (task != null && enter()) {
                try {
                    T value = call(task);
                    if (leave()) {
                        succeed(value);
                    }
                } catch (Throwable thrown) {
                    if (leave()) {
                        fail(thrown);
                    }
                }
            }
        } finally {
            over();
        }
    }

    /** Runs the task's code: here. */
    protected @Nullable T call(Callable<T> task) throws Throwable {
        return task.call();
    }

    /** Whether the code may run (again) now. */
    private synchronized boolean enter() {
        if (isDecided() || attemptsLeft == 0) {
            return false;
        }
        started = true;
        inside = true;
        late = false;
        setDeadline();
        return true;
    }

    /** Whether the outcome counts: not that of an attempt that was late. */
    private synchronized boolean leave() {
        inside = false;
        if (deadline != null) {
            deadline.complete(null);
        }
        if (interrupted) {
            interrupted = false;
            Thread.interrupted(); // ours: the thread's next task must not see it
        }
        return !late;
    }

    /** Lets go of the task; called when it has ended or never will start, perhaps twice. */
    protected void over() {
        runner = null;
        call = null;
        pool.finished(this);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // expire completes this future
    private void setDeadline() {
        options.timeout().ifPresent(timeout -> {
            CompletableFuture<Void> timer = new CompletableFuture<>();
            deadline = timer;
            // Async, since callbacks of this future must not delay the deadlines of others.
            timer.orTimeout(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                    .exceptionallyAsync(timedOut -> {
                        expire(timer, timeout);
                        return null;
                    });
        });
    }

    private void expire(CompletableFuture<Void> timer, Duration timeout) {
        synchronized (this) {
            if (deadline != timer || !inside) {
                return;
            }
            late = true;
            attemptsLeft--;
            interrupt();
            if (attemptsLeft > 0) {
                setDeadline();
                return;
            }
        }
        fail(new TaskTimeoutException(this + " was interrupted: it ran longer than " + timeout, timeout));
    }

    /** Interrupts the task's code, if it runs. Guarded by this. */
    private void interrupt() {
        Thread thread = runner;
        if (inside && thread != null) {
            interrupted = true;
            thread.interrupt();
        }
    }

    @Override
    protected void cancelled(boolean mayInterruptIfRunning) {
        synchronized (this) {
            if (mayInterruptIfRunning) {
                interrupt();
            }
            if (started) {
                return;
            }
        }
        over();
    }

    /** Cancels the task; returns it if it has never started. */
    Optional<Runnable> withdraw() {
        Callable<T> task = call;
        cancel(true);
        synchronized (this) {
            if (started || task == null) {
                return Optional.empty();
            }
        }
        over();
        return Optional.of(asRunnable(task));
    }

    private static Runnable asRunnable(Callable<?> task) {
        if (task instanceof RunnableCall<?> wrapped) {
            return wrapped.task();
        }
        return () -> {
            try {
                task.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        };
    }

    @Override
    protected boolean hasStarted() {
        return started;
    }

    boolean isRunningOn(Thread thread) {
        return runner == thread;
    }
}
