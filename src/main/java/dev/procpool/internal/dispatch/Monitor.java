package dev.procpool.internal.dispatch;

import dev.procpool.internal.os.Machine;
import dev.procpool.internal.os.OwnThread;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.worker.Death;
import dev.procpool.internal.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The pool's clock: one daemon thread that looks after deadlines, signs of life, memory, idle workers, workers whose start
 * was put off, and calls that wait behind a long one. It sleeps for {@link #BUSY_TICK_NANOS} when nothing is nearer, and
 * longer when no worker has anything to do.
 */
public final class Monitor {
    /**
     * What is watched.
     *
     * @param startTimeout how long a worker may take to become ready
     * @param heartbeatTimeout after which silence a worker is taken for dead
     */
    public record Limits(Duration startTimeout, Duration heartbeatTimeout) {}

    private static final long BUSY_TICK_NANOS = 100_000_000;
    private static final long QUIET_TICK_NANOS = 1_000_000_000;
    private static final long SHORTEST_TICK_NANOS = 2_000_000;
    /** Behind a call that runs for longer than this none shall wait that another worker could do. */
    private static final long LONG_CALL_NANOS = 100_000_000;
    /** A pool that has lived for so long is worth a second of work for those that come after it. */
    private static final long ARCHIVE_AFTER_NANOS = 3_000_000_000L;
    /** An answer that has lain unread for longer than a heartbeat, and a wake-up on a busy machine, was forgotten. */
    private static final long OVERDUE_NANOS = 500_000_000;
    /** How long a worker that was asked to end may take over it when it runs nothing. */
    private static final long RETIRE_GRACE_NANOS = 5_000_000_000L;

    /**
     * How long a worker that has begun to exit may take over its shutdown hooks, one of which may wait for what its task
     * holds. A little less than the five seconds that are promised to whoever waits for this task.
     */
    private static final long EXIT_GRACE_NANOS = 4_500_000_000L;

    private final Dispatcher dispatcher;
    private final PoolSettings settings;
    private final Limits limits;
    private @Nullable Thread thread;
    /** Guarded by the dispatcher's lock: the shortest deadline that was asked for lately. */
    private long shortestTimeout = Long.MAX_VALUE;

    /** Guarded by the dispatcher's lock: for how long it sleeps now. */
    private long pause = BUSY_TICK_NANOS;

    private long startedAt;
    private long lastTick;
    private boolean archiveAsked;

    Monitor(Dispatcher dispatcher, PoolSettings settings, Limits limits) {
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.limits = limits;
    }

    /** Under the dispatcher's lock: there will be a worker to watch. Throws what {@link Thread#start} may throw. */
    void ensureRunning() {
        if (thread == null) {
            startedAt = System.nanoTime();
            lastTick = startedAt;
            Thread clock = OwnThread.of(this::run, "procpool-monitor");
            clock.start();
            thread = clock;
        }
    }

    /** Under the dispatcher's lock: a call with a deadline is about to start, so look often enough. */
    void expectTimeout(long nanos) {
        if (nanos < shortestTimeout) {
            shortestTimeout = nanos;
            if (nanos < pause) {
                wake();
            }
        }
    }

    /** Looks again at once. */
    void wake() {
        Thread sleeper = thread;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    private void run() {
        while (true) {
            long sleep = BUSY_TICK_NANOS;
            try {
                sleep = look();
            } catch (OutOfMemoryError e) {
                dispatcher.shortOfMemory(e);
            } catch (RuntimeException | Error e) { // without a clock nothing would ever end
                DeliveryQueue.report(e);
            }
            if (sleep < 0) {
                return;
            }
            LockSupport.parkNanos(this, sleep);
        }
    }

    /** How long to sleep until the next look; negative after the last. */
    private long look() {
        long sleep;
        dispatcher.lock.lock();
        try {
            if (dispatcher.isEnded()) {
                return -1;
            }
            sleep = tick(System.nanoTime());
        } finally {
            dispatcher.lock.unlock();
        }
        if (!archiveAsked && System.nanoTime() - startedAt > ARCHIVE_AFTER_NANOS) {
            archiveAsked = true;
            dispatcher.makeArchive();
        }
        return sleep;
    }

    private long tick(long now) {
        // If we were stopped ourselves, so were perhaps our children: no more than two ticks count as their silence.
        long passed = Math.min(now - lastTick, 2 * pause);
        lastTick = now;
        long next = Math.max(SHORTEST_TICK_NANOS, Math.min(BUSY_TICK_NANOS, shortestTimeout / 2));
        boolean anyDeadline = false;
        boolean quiet = !dispatcher.isWaitingForWorkers() && settings.maxWorkerMemory() == Long.MAX_VALUE;
        for (Window window : List.copyOf(dispatcher.roster().windows)) {
            window.compensate(passed);
            if (!window.hasWorker()) {
                continue;
            }
            Worker worker = window.worker();
            if (!worker.isAlive()) {
                dispatcher.elsewhere(window.checkExit);
                continue;
            }
            if (window.state == Window.State.KILLED && now - window.killedAt > BUSY_TICK_NANOS) {
                dispatcher.killAgain(window);
            }
            if (!window.isSane()) {
                dispatcher.kill(window, Death.Cause.PROTOCOL, "its control block was overwritten");
            }
            if (worker.isAsking()) {
                dispatcher.elsewhere(worker::answerQuestion);
            }
            if (window.owesBell()) {
                window.ring(); // for somebody who has found no memory for it; once too often does no harm
            }
            watchExit(window, now);
            watchLife(window, passed);
            watchReplies(window, passed);
            Call running = window.running();
            if (running != null && running.timeoutNanos > 0) {
                anyDeadline = true;
                long left = watchDeadline(window, running, now);
                next = Math.min(next, Math.max(left, SHORTEST_TICK_NANOS / 4));
            }
            if (running != null) {
                freeStranded(window, running, now);
            }
            anyDeadline |= window.outstanding() > 1;
            quiet &= window.isIdle() && window.isQuiet();
            watchMemory(window);
            watchIdleness(window, now);
        }
        for (Window window : dispatcher.roster().leaving) {
            window.compensate(passed);
        }
        quiet &= dispatcher.roster().leaving.isEmpty();
        if (!anyDeadline) {
            shortestTimeout = Long.MAX_VALUE;
        }
        dispatcher.startMissing();
        dispatcher.fillIdle();
        dispatcher.recheck();
        pause = quiet ? quietTick() : next;
        return pause;
    }

    /** When no worker has anything to do there is little to see; but a frozen or superfluous one is still noticed. */
    private long quietTick() {
        long shortest = limits.heartbeatTimeout().toNanos();
        if (settings.idleTimeout().isPresent()) {
            shortest = Math.min(shortest, settings.idleTimeout().get().toNanos());
        }
        return Math.max(SHORTEST_TICK_NANOS, Math.min(QUIET_TICK_NANOS, shortest / 4));
    }

    private void watchExit(Window window, long now) {
        int ending = window.controlBlock().ending();
        if (ending == ControlBlock.ENDING_UNKNOWN || window.terminating) {
            return;
        }
        dispatcher.exiting(window);
        boolean asked = window.state == Window.State.RETIRING && window.exitingSince == 0 && window.running() == null;
        if (asked) {
            return; // it ends since we told it to
        }
        if (window.exitingSince == 0) {
            window.exitingSince = now;
        } else if (now - window.exitingSince > EXIT_GRACE_NANOS) {
            Death.Cause cause = ending == ControlBlock.ENDING_OUT_OF_MEMORY
                    ? Death.Cause.OUT_OF_MEMORY
                    : ending >= ControlBlock.ENDING_SIGNAL ? Death.Cause.SIGNAL : Death.Cause.EXIT;
            boolean hooks = cause != Death.Cause.OUT_OF_MEMORY;
            dispatcher.kill(window, cause, hooks ? "its shutdown hooks did not come to an end" : null);
        }
    }

    private void watchLife(Window window, long passed) {
        if (window.state == Window.State.STARTING) {
            if (window.worker().age().compareTo(limits.startTimeout()) > 0) {
                dispatcher.kill(window, Death.Cause.START_TIMEOUT, "startTimeout is " + limits.startTimeout());
            }
            return;
        }
        long heartbeat = window.controlBlock().heartbeat();
        if (heartbeat != window.lastHeartbeat) {
            window.lastHeartbeat = heartbeat;
            window.silentNanos = 0;
            return;
        }
        window.silentNanos += passed;
        if (window.silentNanos > limits.heartbeatTimeout().toNanos()) {
            dispatcher.kill(
                    window,
                    Death.Cause.UNRESPONSIVE,
                    "no sign of life for heartbeatTimeout, " + limits.heartbeatTimeout());
        }
    }

    /** The safety net: if this ever finds something, a reader has gone to sleep without the look that it owes. */
    private void watchReplies(Window window, long passed) {
        if (window.watchUnread(passed) > OVERDUE_NANOS && !window.isHeldUp()) {
            dispatcher.elsewhere(window.rescue);
        }
    }

    private long watchDeadline(Window window, Call running, long now) {
        long since = window.runningSince(running);
        if (since == 0) {
            return running.timeoutNanos;
        }
        long left = since + running.timeoutNanos - now;
        if (left <= 0 && window.sealIfRunning(running)) {
            dispatcher.kill(window, Death.Cause.DEADLINE, null);
        }
        return left;
    }

    /** Calls that were sent ahead wait behind one that turns out long: others may have time for them. */
    private void freeStranded(Window window, Call running, long now) {
        if (window.unclaimed() > 0 && dispatcher.roster().live() > 1) {
            long since = window.runningSince(running);
            if (since != 0 && now - since > LONG_CALL_NANOS) {
                dispatcher.freeUnclaimed(window);
            }
        }
    }

    private void watchMemory(Window window) {
        // One that retires since it was over the limit may go on to grow far over it.
        boolean running = window.state == Window.State.READY || window.state == Window.State.RETIRING;
        if (settings.maxWorkerMemory() == Long.MAX_VALUE || !running) {
            return;
        }
        OptionalLong rss = Machine.residentSetSize(window.worker().pid());
        if (rss.isEmpty() || rss.getAsLong() <= settings.maxWorkerMemory()) {
            return;
        }
        if (rss.getAsLong() / 3 * 2 > settings.maxWorkerMemory()) {
            dispatcher.kill(
                    window,
                    Death.Cause.OUT_OF_MEMORY,
                    "its resident set was " + (rss.getAsLong() >> 20) + " MB, maxWorkerMemory is "
                            + (settings.maxWorkerMemory() >> 20) + " MB");
        } else {
            dispatcher.recycleSoon(window);
        }
    }

    private void watchIdleness(Window window, long now) {
        if (window.state == Window.State.RETIRING && (window.terminating || window.running() == null)) {
            if (window.idleSince == 0) {
                window.idleSince = now;
            } else if (now - window.idleSince > RETIRE_GRACE_NANOS) {
                dispatcher.kill(window, Death.Cause.SHUTDOWN, null);
            }
        } else if (settings.idleTimeout().isPresent()
                && window.isIdle()
                && now - window.idleSince > settings.idleTimeout().get().toNanos()
                && dispatcher.roster().live() > settings.minWorkers()) {
            dispatcher.retireIdle(window);
        }
    }
}
