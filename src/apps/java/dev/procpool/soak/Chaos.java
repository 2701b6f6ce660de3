package dev.procpool.soak;

import dev.procpool.ProcessPoolExecutor;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerInfo;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Attacks workers: mostly by SIGKILL; now and then, unless all tasks are tiny, by SIGSTOP, half of them with a SIGCONT soon
 * after. Keeps count of whom it attacked, so that a task that was lost for another reason can't hide behind it.
 */
final class Chaos extends Thread {
    private static final int STOP_ONE_IN = 20;
    /** The others are aimed at workers that have done something: else a slow machine would never get anything done. */
    private static final int ANYONE_ONE_IN = 8;

    private static final long NAP_NANOS = 20_000_000;

    private final ProcessPoolExecutor pool;
    private final long pauseNanos;
    private final boolean onlyKills;
    private final Random random;
    /** By process id, since others may come by the same one later: how many victims may still blame us. */
    private final Map<Long, Integer> kills = new ConcurrentHashMap<>();

    private final Map<Long, Integer> stops = new ConcurrentHashMap<>();
    /** The numbers of those that were killed; only this thread's. */
    private final Set<Integer> done = new HashSet<>();

    private volatile boolean ends;
    private final AtomicInteger killed = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();

    Chaos(ProcessPoolExecutor pool, SoakPlan plan) {
        super("soak-chaos");
        this.pool = pool;
        this.pauseNanos = plan.killEvery().toNanos();
        this.onlyKills = plan.isTiny();
        this.random = new Random(plan.seed() ^ 0xC4A05);
        setDaemon(true);
    }

    @Override
    public void run() {
        long next = System.nanoTime() + pauseNanos;
        while (!ends) {
            long pause = next - System.nanoTime();
            if (pause > 0) {
                LockSupport.parkNanos(this, pause);
                continue;
            }
            next = Math.max(next + pauseNanos, System.nanoTime() - pauseNanos);
            attackOne();
        }
    }

    /** Attacks nobody any more, once the attack under way is over; {@link #join} waits for that. */
    void end() {
        ends = true;
        LockSupport.unpark(this);
    }

    private void attackOne() {
        boolean anyone = random.nextInt(ANYONE_ONE_IN) == 0;
        List<WorkerInfo> able = pool.workers().stream()
                .filter(worker -> worker.state() == WorkerInfo.State.IDLE || worker.state() == WorkerInfo.State.BUSY)
                .filter(worker -> anyone || worker.tasksDone() > 0)
                .toList();
        if (able.isEmpty()) {
            return;
        }
        WorkerInfo chosen = able.get(random.nextInt(able.size()));
        long pid = chosen.pid();
        // Its process id may belong to somebody else by now, who is none of our business.
        Optional<ProcessHandle> target = ProcessHandle.of(pid).filter(Chaos::isOurs);
        if (target.isEmpty()) {
            return;
        }
        if (!onlyKills && random.nextInt(STOP_ONE_IN) == 0) {
            stop(pid, random.nextBoolean());
        } else {
            if (!done.add(chosen.id())) {
                return; // it is dying of the last attack
            }
            kills.merge(pid, 1, Integer::sum);
            target.get().destroyForcibly();
            killed.incrementAndGet();
        }
    }

    private static boolean isOurs(ProcessHandle process) {
        return process.parent()
                .map(parent -> parent.equals(ProcessHandle.current()))
                .orElse(false);
    }

    private void stop(long pid, boolean onlyForANap) {
        if (!onlyForANap) {
            stops.merge(pid, 1, Integer::sum);
        }
        signal("STOP", pid);
        stopped.incrementAndGet();
        if (onlyForANap) {
            LockSupport.parkNanos(NAP_NANOS);
            signal("CONT", pid);
        }
    }

    private static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid + " 2> /dev/null").start();
            kill.waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("no signal can be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether that death was our doing; each attack excuses one task at most. */
    boolean excuses(WorkerCrashedException crash) {
        boolean killedByUs = crash.signal().filter("SIGKILL"::equals).isPresent() && takeOne(kills, crash.pid());
        return killedByUs
                || (crash.reason() == WorkerCrashedException.Reason.UNRESPONSIVE && takeOne(stops, crash.pid()));
    }

    private static boolean takeOne(Map<Long, Integer> attacks, long pid) {
        boolean[] taken = {false};
        attacks.computeIfPresent(pid, (key, count) -> {
            taken[0] = true;
            return count == 1 ? null : count - 1;
        });
        return taken[0];
    }

    String report() {
        return killed + " killed, " + stopped + " stopped";
    }
}
