package dev.procpool.child;

import dev.procpool.wire.ControlBlock;
import dev.procpool.wire.ProcessTree;
import java.util.Optional;

/**
 * The child's second thread: shows the parent that this JVM is alive, and watches whether the parent is. When the parent
 * is gone it ends this JVM, whatever the task does, and everything that the pool's workers have started.
 */
final class Heartbeat extends Thread {
    private final ControlBlock block;
    private final long parentPid;
    private final long periodMillis;
    private final String mark;

    /**
     * Makes the thread.
     *
     * @param parentPid the parent to watch, or 0 if its death is told by the pipe alone
     * @param mark what the environment of all workers of this pool holds
     */
    Heartbeat(ControlBlock block, long parentPid, long periodMillis, String mark) {
        super("procpool-heartbeat");
        this.block = block;
        this.parentPid = parentPid;
        this.periodMillis = periodMillis;
        this.mark = mark;
        setDaemon(true);
    }

    @Override
    public void run() {
        Runtime runtime = Runtime.getRuntime();
        while (true) {
            block.beat(runtime.totalMemory() - runtime.freeMemory());
            // While the call loop waits for a bell it notices the end of the pipe by itself.
            if (parentPid != 0 && !block.isChildAsleep() && currentParent() != parentPid) {
                parentIsGone(mark);
            }
            try {
                Thread.sleep(periodMillis);
            } catch (InterruptedException e) {
                Thread.interrupted(); // a task interrupted every thread that it could find; this one has to go on
            }
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
