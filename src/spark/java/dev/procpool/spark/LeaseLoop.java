package dev.procpool.spark;

import dev.procpool.Codec;
import dev.procpool.internal.codec.DecodeException;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.codec.ThrowableCodec;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.util.RpcUtils;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag;

/**
 * Runs in an executor for the time of a lease: asks for a group of tasks, runs them one after the other, reports and asks
 * again.
 *
 * <p>{@link Watch} looks on from another thread. What both use is guarded by this; the lock is also held while a report
 * is sent, so that the driver gets reports in their order.
 */
final class LeaseLoop {
    /** After so long no further task of a group is started: tasks have become slower than the group's size assumes. */
    private static final long BUDGET_NANOS = 20_000_000;
    /** How an executor ends that is out of memory; Spark's own code for that. */
    private static final int EXIT_OUT_OF_MEMORY = 52;

    private final RpcEndpointRef driver;
    private final long lease;
    private final TaskContext context;
    private final Codec codec = Codec.javaSerialization();
    private final TaskDecoder decoder = new TaskDecoder(codec, null);
    private final TaskEncoder encoder = new TaskEncoder(codec);
    private final Thread thread = Thread.currentThread();
    private final @Nullable ClassLoader loader = thread.getContextClassLoader();

    // Guarded by this:
    private List<Groups.Item> group = List.of();
    private Payload replies = new Payload();
    private long groupStart;
    /** How many tasks of the group are ours: fewer after the rest was given back. */
    private int ours;

    private int running;
    private long started;
    private boolean inside;
    private boolean late;

    private LeaseLoop(RpcEndpointRef driver, long lease, TaskContext context) {
        this.driver = driver;
        this.lease = lease;
        this.context = context;
    }

    /** Runs until the driver has nothing to do, or ends the lease. */
    static void run(String endpoint, long lease) {
        SparkEnv env = SparkEnv.get();
        RpcEndpointRef driver = RpcUtils.makeDriverRef(endpoint, env.conf(), env.rpcEnv());
        LeaseLoop loop = new LeaseLoop(driver, lease, TaskContext.get());
        try (Watch watch = new Watch(loop)) {
            loop.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() throws IOException {
        byte[] work = report(true);
        while (work.length > 0) {
            take(Groups.read(work, decoder));
            for (int next = 0; enter(next); next++) {
                runTask(next);
                if (context.isInterrupted()) {
                    return; // a task was cancelled, and this lease with it
                }
            }
            work = report(true);
        }
    }

    private synchronized void take(List<Groups.Item> tasks) {
        group = tasks;
        ours = tasks.size();
        groupStart = System.nanoTime();
    }

    /** Whether the task may be started. If not, what is left of the group is given back. */
    private synchronized boolean enter(int index) {
        long now = System.nanoTime();
        if (index > 0 && now - groupStart > BUDGET_NANOS) {
            giveBackFrom(index);
        }
        if (index >= ours) {
            return false;
        }
        running = index;
        started = now;
        late = false;
        inside = true;
        return true;
    }

    private void giveBackFrom(int index) {
        for (int i = index; i < ours; i++) {
            Groups.writeReply(i, Groups.NOT_STARTED, Groups.NOTHING, replies);
        }
        ours = Math.min(ours, index);
    }

    private void runTask(int index) {
        Payload out = new Payload();
        int kind;
        boolean outOfMemory = false;
        try {
            byte[] body = group.get(index).body();
            Object task = decoder.decodeTask(new PayloadReader(body, 0, body.length));
            kind = encode(call(task), out);
        } catch (DecodeException e) {
            kind = Groups.DECODE_FAILED;
            ThrowableCodec.encode(e, out, codec);
        } catch (Throwable thrown) {
            kind = Groups.THROWN;
            ThrowableCodec.encode(thrown, out, codec);
            outOfMemory = thrown instanceof OutOfMemoryError;
        }
        leave(index, kind, out);
        if (outOfMemory && !Watch.isDriver()) {
            report(false);
            Runtime.getRuntime().halt(EXIT_OUT_OF_MEMORY); // who knows what else in here has failed
        }
    }

    private static @Nullable Object call(Object task) throws Exception {
        if (task instanceof Callable<?> callable) {
            return callable.call();
        }
        ((Runnable) task).run();
        return null;
    }

    private int encode(@Nullable Object value, Payload out) {
        try {
            encoder.encodeValue(value, out);
            if (out.length() <= Leases.MAX_LENGTH) {
                return Groups.VALUE;
            }
            throw new IOException("it has " + out.length() + " bytes, the limit is " + Leases.MAX_LENGTH
                    + "; write it to storage that all machines share");
        } catch (EncodeException | IOException e) {
            out.reset();
            ThrowableCodec.encode(e, out, codec);
            return Groups.ENCODE_FAILED;
        }
    }

    private synchronized void leave(int index, int kind, Payload out) {
        inside = false;
        Groups.writeReply(index, late ? Groups.LATE : kind, late ? Groups.NOTHING : Groups.bytes(out), replies);
        if (!context.isInterrupted()) {
            Thread.interrupted(); // what a task leaves behind must not meet the next one
        }
        if (thread.getContextClassLoader() != loader) {
            thread.setContextClassLoader(loader);
        }
    }

    /** Tells what has become of tasks since the last report; returns the next group if {@code wantsWork}. */
    private byte[] report(boolean wantsWork) {
        Ask ask;
        synchronized (this) {
            ask = takeReport(wantsWork);
            if (!wantsWork) {
                return send(ask);
            }
        }
        return send(ask); // may take long: the driver answers when it has work
    }

    private Ask takeReport(boolean wantsWork) {
        byte[] taken = Groups.bytes(replies);
        replies = new Payload();
        long nanos = System.nanoTime() - groupStart;
        return new Ask(lease, context.attemptNumber(), ProcessHandle.current().pid(), wantsWork, nanos, taken);
    }

    private byte[] send(Ask ask) {
        return driver.askSync(ask, ClassTag.apply(byte[].class));
    }

    /**
     * Called every now and then by {@link Watch}.
     *
     * @return whether the code that runs has to end now, with the whole JVM if need be
     */
    synchronized boolean look() {
        if (!inside) {
            return false;
        }
        long now = System.nanoTime();
        if (running + 1 < ours && now - groupStart > BUDGET_NANOS) {
            giveBackFrom(running + 1);
            report(false);
        }
        long timeout = group.get(running).timeoutNanos();
        if (timeout > 0 && !late && now - started > timeout) {
            late = true;
            thread.interrupt();
        }
        return late || context.isInterrupted();
    }

    /** Called by {@link Watch} when the code has not ended although it had to: says so before the JVM ends. */
    synchronized boolean giveUp() {
        if (!inside) {
            return false;
        }
        if (late) {
            Groups.writeReply(running, Groups.LATE, Groups.NOTHING, replies);
            report(false);
        }
        return true;
    }
}
