package dev.procpool.fray;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/** A pipe between two processes, in memory. */
final class Pipe {
    private final ArrayDeque<Byte> bytes = new ArrayDeque<>();
    private final BooleanSupplier readerIsDead;
    private boolean closed;

    /** {@code readerIsDead} says whether the reading side has been killed; {@link #wake} makes it look at that. */
    Pipe(BooleanSupplier readerIsDead) {
        this.readerIsDead = readerIsDead;
    }

    /** No more comes, and nobody reads any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized void wake() {
        notifyAll();
    }

    private synchronized void put(byte value) throws IOException {
        if (closed) {
            throw new IOException("Broken pipe");
        }
        bytes.add(value);
        notifyAll();
    }

    private synchronized int take(byte[] buffer, int offset, int length) throws IOException {
        while (bytes.isEmpty() && !closed) {
            if (readerIsDead.getAsBoolean()) {
                throw new ChildThread.Killed();
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        if (bytes.isEmpty()) {
            return -1;
        }
        int count = 0;
        while (count < length && !bytes.isEmpty()) {
            buffer[offset + count++] = bytes.remove();
        }
        return count;
    }

    InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return take(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return take(buffer, offset, length);
            }
        };
    }

    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                put((byte) value);
            }
        };
    }
}
