package dev.procpool.internal.child;

import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.Questions;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks the parent for classes and resources. Any thread of any task may ask; they take turns. None of them waits for the
 * call loop, which may itself be one of them.
 */
final class Inquiry {
    private final Questions questions;
    private final Outbox outbox;
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * Something that the parent has.
     *
     * @param owner the number of the loader that has it; 0 if that is our own class path, and there are no bytes then
     * @param name its name
     * @param location where the parent has it from, as a URL; empty if unknown
     * @param content its bytes
     */
    record Found(int owner, String name, String location, byte[] content) {}

    Inquiry(Questions questions, Outbox outbox) {
        this.questions = questions;
        this.outbox = outbox;
    }

    /**
     * Asks a question, and waits for all of its answer.
     *
     * @throws IOException if the parent, or one of its class loaders, could not answer
     */
    List<Found> ask(byte kind, int loader, String name) throws IOException {
        turn.lock();
        try {
            awaitDone(); // whoever asked before may have been thrown out by a stack overflow
            questions.skip();
            questions.ask(kind, loader, name);
            outbox.ring();
            return read(new DataInputStream(new Answer()));
        } finally {
            turn.unlock();
        }
    }

    private void awaitDone() {
        Backoff backoff = new Backoff();
        while (!questions.isDone()) {
            questions.skip();
            backoff.pause();
        }
    }

    private static List<Found> read(DataInputStream answer) throws IOException {
        List<Found> found = new ArrayList<>(1);
        while (true) {
            int kind = answer.readByte();
            if (kind == Questions.END) {
                return found;
            }
            if (kind == Questions.FAILED) {
                throw new IOException(answer.readUTF());
            }
            found.add(new Found(answer.readInt(), answer.readUTF(), answer.readUTF(), readContent(answer)));
        }
    }

    /** In pieces, each with its length in front; an empty one is the last. */
    private static byte[] readContent(DataInputStream answer) throws IOException {
        byte[] content = new byte[0];
        int length;
        while ((length = answer.readInt()) > 0) {
            byte[] longer = java.util.Arrays.copyOf(content, Math.addExact(content.length, length));
            answer.readFully(longer, content.length, length);
            content = longer;
        }
        if (length < 0) {
            throw new IOException(answer.readUTF());
        }
        return content;
    }

    private final class Answer extends InputStream {
        private final Backoff backoff = new Backoff();

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                boolean done = questions.isDone();
                int some = questions.take(target, offset, length);
                if (some > 0) {
                    backoff.reset();
                    return some;
                }
                if (done) {
                    throw new EOFException(
                            questions.isBrokenOff()
                                    ? "the parent broke off its answer, most likely for lack of memory"
                                    : "the parent's answer is too short");
                }
                backoff.pause();
            }
        }
    }
}
