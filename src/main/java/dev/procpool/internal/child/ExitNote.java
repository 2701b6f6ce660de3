package dev.procpool.internal.child;

import dev.procpool.internal.wire.ControlBlock;
import java.io.IOException;

/**
 * Notes that this JVM has begun to exit: nothing more is claimed, and the parent is told why, which an exit code alone
 * can't tell from the number of a signal. The shutdown hooks of tasks run at the same time, and may take long, or for
 * ever; the parent sees to that.
 */
final class ExitNote extends Thread {
    /** The threads that the JVM starts for signals which ask it to exit, and the numbers of these signals. */
    private static final String[] HANDLERS = {"SIGTERM handler", "SIGHUP handler", "SIGINT handler"};

    private static final int[] SIGNALS = {15, 1, 2};

    private final ControlBlock block;
    private final Outbox outbox;
    private final Thread noHook = new Thread("procpool-no-hook");

    ExitNote(ControlBlock block, Outbox outbox) {
        super("procpool-exit-note");
        this.block = block;
        this.outbox = outbox;
    }

    @Override
    public void run() {
        block.claimNoMore();
        block.ending(reason());
        try {
            outbox.ring(); // what was not claimed can go elsewhere at once
        } catch (IOException e) {
            return; // the parent is gone, or will see by its clock
        }
    }

    /**
     * Whether the exit has begun, even if this hook has not had its turn yet: they are all started at the same time. Too
     * slow to be asked before each claim.
     */
    boolean hasBegun() {
        try {
            Runtime.getRuntime().removeShutdownHook(noHook);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private static int reason() {
        ThreadGroup system = Thread.currentThread().getThreadGroup();
        while (system.getParent() != null) {
            system = system.getParent();
        }
        Thread[] threads = new Thread[system.activeCount() + 16];
        int count = system.enumerate(threads);
        for (int i = 0; i < count; i++) {
            for (int signal = 0; signal < SIGNALS.length; signal++) {
                if (threads[i].getName().equals(HANDLERS[signal])) {
                    return ControlBlock.ENDING_SIGNAL + SIGNALS[signal];
                }
            }
        }
        return ControlBlock.ENDING_EXIT;
    }
}
