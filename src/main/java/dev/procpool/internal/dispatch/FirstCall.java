package dev.procpool.internal.dispatch;

import dev.procpool.Codec;
import dev.procpool.internal.codec.Filters;
import dev.procpool.internal.codec.ThrowableCodec;
import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import dev.procpool.internal.worker.Death;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call that prepares a worker: its answer tells that the worker is ready, or why it will never be. */
final class FirstCall extends Call {
    private static final int MOST_FRAMES = 20;

    private final Dispatcher dispatcher;
    private final Window home;
    private final Runnable ready;
    private @Nullable String failure;

    FirstCall(Dispatcher dispatcher, Window home, Payload preparation) {
        super(Frames.INIT, 0, 0);
        this.dispatcher = dispatcher;
        this.home = home;
        this.payload = preparation;
        this.ready = () -> dispatcher.ready(home);
    }

    @Override
    protected boolean isAbandoned() {
        return false;
    }

    @Override
    protected boolean hasCallbacks() {
        return false;
    }

    @Override
    protected boolean reply(byte kind, byte[] buffer, int offset, int length) {
        if (kind != Frames.VALUE) {
            PayloadReader body = new PayloadReader(buffer, offset, offset + length);
            String trace = ThrowableCodec.decode(body, Codec.javaSerialization(), Filters.defaultFilter())
                    .stackTrace();
            failure = (kind == Frames.THROWN ? "its initializer failed:\n" : "its initializer could not be rebuilt:\n")
                    + shortened(trace);
        }
        return true;
    }

    /** Without the thousand frames of an endless recursion, but with all its causes. */
    private static String shortened(String trace) {
        List<String> lines = trace.lines().toList();
        List<String> some = new ArrayList<>(lines.subList(0, Math.min(lines.size(), MOST_FRAMES)));
        lines.subList(some.size(), lines.size()).stream()
                .filter(line -> line.startsWith("Caused by"))
                .forEach(some::add);
        return String.join("\n", some);
    }

    @Override
    protected void complete() {
        if (failure == null) {
            FullHeap.outlast(ready);
        } else {
            dispatcher.notReady(home, failure);
        }
    }

    @Override
    protected void lost(Throwable why, long length) {
        dispatcher.notReady(home, "this JVM could not take its answer: " + why);
    }

    /** Why the worker can't be used, after its answer was taken; null if it can. */
    @Nullable String failure() {
        return failure;
    }

    // Its worker's end before the answer is a failed start, which the dispatcher sees by the window.

    @Override
    protected void crashed(Death death, List<Death> earlier) {}

    @Override
    protected void timedOut(Death death, List<Death> earlier) {}

    @Override
    protected void cancelled() {}

    @Override
    protected void broken(BrokenReason reason) {}

    @Override
    protected void settled() {}
}
