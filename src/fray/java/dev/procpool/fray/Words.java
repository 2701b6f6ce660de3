package dev.procpool.fray;

import org.pastalab.fray.runtime.Runtime;

/**
 * What is called before each access to a word of a control block: the scheduler doesn't see by itself that threads share
 * such memory.
 */
public final class Words {
    private Words() {}

    /** Somebody is about to read it. */
    public static void read(Object block, int word) {
        Runtime.onUnsafeReadVolatile(block, word);
        ChildThread.checkAlive();
    }

    /** Somebody is about to write it, perhaps only if it has a certain value. */
    public static void write(Object block, int word) {
        Runtime.onUnsafeWriteVolatile(block, word);
        ChildThread.checkAlive();
    }
}
