package dev.procpool.internal.worker;

import dev.procpool.internal.launch.ControlBlockFile;
import dev.procpool.internal.launch.Launcher;
import dev.procpool.internal.launch.Starter;
import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.os.Names;
import dev.procpool.internal.os.OwnThread;
import dev.procpool.internal.os.ProcessTree;
import dev.procpool.internal.wire.ControlBlock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts the workers of one pool and keeps what they share. Thread-safe. */
public final class WorkerFactory {
    private final WorkerSpec spec;
    private final Starter.Maker starters;
    private final ThreadPoolExecutor threads;
    /** Names this pool in the environment of all that its workers start. */
    private final String mark = Names.unique() + ":";

    private final ArrayDeque<ControlBlockFile> free = new ArrayDeque<>();
    private @Nullable Starter starter;
    private boolean closed;
    private volatile boolean hasStarted;
    /** Whether Java, short of memory, may have made a process that it then could not tell us of. */
    private volatile boolean mayHaveStrays;

    /** Makes a factory; nothing has started yet. */
    public WorkerFactory(WorkerSpec spec) {
        this(spec, Launcher::new);
    }

    WorkerFactory(WorkerSpec spec, Starter.Maker starters) {
        this.spec = spec;
        this.starters = starters;
        AtomicInteger count = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            return OwnThread.of(task, spec.poolName() + "-" + count.incrementAndGet());
        });
    }

    /** How its workers are launched and watched. */
    public WorkerSpec spec() {
        return spec;
    }

    /** The pool's threads, as many as are needed: daemons, which leave when they have had nothing to do for a second. */
    public ThreadPoolExecutor threads() {
        return threads;
    }

    /**
     * Makes ready what the first start needs, while the caller goes on: loading all that takes as long as a good part of
     * the start itself. What fails here fails again, and is reported, in {@link #start}.
     */
    public void prepare() {
        try {
            threads.execute(this::prepareHere);
        } catch (OutOfMemoryError e) {
            return; // no thread left for this: then start has more to do
        }
    }

    private void prepareHere() {
        try {
            starter();
            if (!hasStarted) {
                giveBack(take());
            }
        } catch (IOException | RuntimeException | Error e) {
            return; // start meets the same, and there is somebody to tell
        }
    }

    /**
     * Starts a child JVM.
     *
     * @param firstCall writes the first call into the formatted control block
     * @throws IOException if there is no memory for the control block, or the system can't start a process
     */
    public Worker start(int id, Consumer<ControlBlock> firstCall, Worker.Listener listener) throws IOException {
        hasStarted = true;
        ControlBlockFile memory = take();
        try {
            memory.block().format();
            firstCall.accept(memory.block());
            return Worker.start(id, spec, starter(), memory, threads, listener);
        } catch (IOException | RuntimeException | Error e) {
            mayHaveStrays |= FullHeap.isCauseOf(e);
            giveBack(memory);
            throw e;
        }
    }

    /** Takes the memory of a worker back; its process has ended and nobody here uses its control block any more. */
    public void release(Worker worker) throws IOException {
        giveBack(worker.memory());
    }

    /** A worker has ended before it was ready: the next ones do without what was meant to make them start faster. */
    public synchronized void distrustArchive() {
        if (starter != null) {
            starter.distrustArchive();
        }
    }

    /** Makes what lets later workers start faster, unless it is there; takes a while. */
    public void makeArchive() {
        Starter known;
        synchronized (this) {
            known = starter;
        }
        if (known != null) {
            known.makeArchive();
        }
    }

    /** Frees what is kept; workers that are released later free theirs at once. */
    public synchronized void close() throws IOException {
        closed = true;
        if (mayHaveStrays) {
            ProcessTree.killMarked(mark);
        }
        for (ControlBlockFile memory : free) {
            memory.close();
        }
        free.clear();
        if (starter != null) {
            starter.close();
            starter = null;
        }
        spec.served().close();
    }

    /** Closes what has no pool; {@code reason} says why it has none. */
    public void abandon(Throwable reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private synchronized Starter starter() throws IOException {
        if (closed) {
            throw new IOException(spec.poolName() + " has ended");
        }
        if (starter == null) {
            starter = starters.make(spec, mark);
        }
        return starter;
    }

    private ControlBlockFile take() throws IOException {
        synchronized (this) {
            ControlBlockFile kept = free.poll();
            if (kept != null) {
                return kept;
            }
        }
        return starter().createMemory();
    }

    private synchronized void giveBack(ControlBlockFile memory) throws IOException {
        if (closed) {
            memory.close();
        } else {
            free.push(memory);
        }
    }
}
