package dev.procpool.internal.child;

import dev.procpool.internal.wire.Frames;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Sends what tasks print through the outbox, so that it arrives in order and whole, and gives them an empty stdin. */
final class StdioGuard {
    /** Closing it does nothing, so it is empty for every task. */
    private final InputStream in = new ByteArrayInputStream(new byte[0]);

    private final PrintStream out;
    private final PrintStream err;

    private StdioGuard(Outbox outbox) {
        out = new Lasting(new PrintedBytes(outbox, Frames.OUT));
        err = new Lasting(new PrintedBytes(outbox, Frames.ERR));
    }

    static StdioGuard install(Outbox outbox) {
        StdioGuard guard = new StdioGuard(outbox);
        guard.restore();
        return guard;
    }

    /** A task may have replaced the streams; that must not bother the next one. */
    void restore() {
        if (System.in != in) {
            System.setIn(in);
        }
        if (System.out != out) {
            System.setOut(out);
        }
        if (System.err != err) {
            System.setErr(err);
        }
    }

    /** A stream that a task can close without silencing the next one. */
    private static final class Lasting extends PrintStream {
        Lasting(OutputStream target) {
            super(target, true, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            flush();
        }
    }

    /** Unbuffered on purpose: bytes that are in the ring survive a crash. The parent makes lines of them. */
    private static final class PrintedBytes extends OutputStream {
        private static final int LONGEST_FRAME = 64 * 1024;

        private final Outbox outbox;
        private final byte kind;

        PrintedBytes(Outbox outbox, byte kind) {
            this.outbox = outbox;
            this.kind = kind;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += LONGEST_FRAME) {
                int some = Math.min(LONGEST_FRAME, length - done);
                outbox.write(kind, bytes, offset + done, some, bytes[offset + done + some - 1] == '\n');
            }
        }
    }
}
