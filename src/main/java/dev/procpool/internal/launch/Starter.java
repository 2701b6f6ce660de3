package dev.procpool.internal.launch;

import java.io.Closeable;
import java.io.IOException;

/** Starts the children of one pool: as JVMs of their own, or where there is no second process, as a test wants it. */
public interface Starter extends Closeable {
    /** Makes what one is started by. */
    @FunctionalInterface
    interface Maker {
        /** {@code mark} is what tells the children of this pool, and all that they start, from those of others. */
        Starter make(WorkerSpec spec, String mark) throws IOException;
    }

    /** The memory that one child shares with this JVM. */
    ControlBlockFile createMemory() throws IOException;

    /** Starts a child that uses {@code memory}. */
    Process start(int id, ControlBlockFile memory) throws IOException;

    /** What tells one worker, and all that it starts, from others. */
    String markOf(int id);

    /** A worker has ended before it was ready: what was meant to make starts faster must not be what keeps the next one from it. */
    void distrustArchive();

    /** Makes what lets later workers start faster, unless it is there; takes a while. */
    void makeArchive();
}
