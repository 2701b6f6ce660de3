package dev.procpool.internal.child;

import dev.procpool.internal.os.ProcessTree;
import dev.procpool.internal.wire.ControlBlock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The child's second thread: shows the parent that this JVM is alive, and watches whether the parent is. When the parent
 * is gone it ends this JVM, whatever the task does, and everything that the pool's workers have started.
 *
 * <p>While there is nothing to do it beats more slowly, so that an idle pool costs nothing: the call loop, which waits for
 * a bell then, notices the end of the pipe by itself, and calls {@link #quicken} when it has been woken.
 */
final class Heartbeat extends Thread {
    private final ControlBlock block;
    private final long parentPid;
    private final long periodNanos;
    private final long idlePeriodNanos;
    private final String mark;
    private final HeapWatch heap;
    private volatile boolean slow;

    /**
     * Makes the thread.
     *
     * @param parentPid the parent to watch, or 0 if its death is told by the pipe alone
     * @param periodMillis between two beats
     * @param idlePeriodMillis the same while there is nothing to do
     * @param mark what the environment of all workers of this pool holds
     * @param heap to be used at each beat
     */
    Heartbeat(
            ControlBlock block, long parentPid, long periodMillis, long idlePeriodMillis, String mark, HeapWatch heap) {
        super("procpool-heartbeat");
        this.block = block;
        this.parentPid = parentPid;
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.idlePeriodNanos = TimeUnit.MILLISECONDS.toNanos(idlePeriodMillis);
        this.mark = mark;
        this.heap = heap;
        setDaemon(true);
    }

    @Override
    public void run() {
        Runtime runtime = Runtime.getRuntime();
        int claimedBefore = 0;
        while (true) {
            block.beat(runtime.totalMemory() - runtime.freeMemory());
            heap.use();
            int claimed = ControlBlock.claimed(block.claimWord());
            slow = claimed == claimedBefore;
            claimedBefore = claimed;
            boolean asleep = block.isChildAsleep(); // asked after slow was set: who wakes up from now on sees that
            if (!asleep && parentPid != 0 && currentParent() != parentPid) {
                parentIsGone(mark);
            }
            LockSupport.parkNanos(this, asleep && slow ? idlePeriodNanos : periodNanos);
            Thread.interrupted(); // a task interrupted every thread that it could find; this one has to go on
        }
    }

    /** The call loop has been woken: there is something to do. */
    void quicken() {
        if (slow) {
            slow = false;
            LockSupport.unpark(this);
        }
    }

    /** The pid of our parent as of now. */
    static long currentParent() {
        long parent = ProcessTree.parentOf("self");
        return parent != 0 ? parent : currentParentElsewhere();
    }

    private static long currentParentElsewhere() {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        return parent.isPresent() ? parent.get().pid() : 0;
    }

    /** Ends this JVM and what the pool has left behind; does not return. */
    static void parentIsGone(String mark) {
        try {
            ProcessTree.killMarked(mark);
            ProcessTree.kill(ProcessHandle.current()); // where the system doesn't show environments
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }
}
