package dev.procpool.internal.inprocess;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs each task on the thread that hands it in, before {@code execute} returns. */
public final class CallerThreadExecutor extends AbstractExecutorService {
    /** Guarded by this, as is {@link #shutdown}. */
    private int running;

    private boolean shutdown;

    @Override
    public void execute(Runnable command) {
        enter();
        try {
            command.run();
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        running++;
    }

    private synchronized void leave() {
        running--;
        notifyAll();
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
        notifyAll();
    }

    /** Interrupts nobody: the threads belong to the callers. */
    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && running == 0;
    }

    @Override
    public synchronized boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + Math.max(0, unit.toNanos(timeout));
        while (!isTerminated()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
