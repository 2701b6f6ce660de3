package dev.procpool.internal.dispatch;

import dev.procpool.internal.os.FullHeap;
import org.jspecify.annotations.Nullable;

/** One thing to be done for a worker, in its turn and outside of all locks: a link of a {@link DeliveryQueue}. */
abstract class Step {
    /**
     * The step behind it. A link of its own, so that nothing has to be allocated to put a step into a queue. Guarded by
     * the worker's consumer lock until the step is in the queue, then by the queue.
     */
    @Nullable Step next;

    /** A step that runs {@code action}, which may end in foreign code; again, if it fails for lack of memory. */
    static Step of(Runnable action) {
        return new Step() {
            @Override
            boolean perform() {
                try {
                    action.run();
                    return true;
                } catch (Throwable e) {
                    if (FullHeap.isCauseOf(e)) {
                        return false;
                    }
                    throw e;
                }
            }

            @Override
            boolean isForeign() {
                return true;
            }
        };
    }

    /**
     * Does it.
     *
     * @return false if it could not be done for lack of memory, and has to be tried again later
     */
    abstract boolean perform();

    /** Whether it may run code that we know nothing of, and that may block. */
    abstract boolean isForeign();

    /** Whether the calling thread waits for just this step: then it may as well do it. */
    boolean isAwaitedHere() {
        return false;
    }
}
