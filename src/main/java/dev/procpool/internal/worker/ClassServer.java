package dev.procpool.internal.worker;

import dev.procpool.internal.launch.ServedAnswer;
import dev.procpool.internal.launch.ServedClasses;
import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.Questions;
import dev.procpool.internal.wire.Questions.Question;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers what one child asks for: classes and resources by their names. Each answer is given by a thread of the pool,
 * since it runs code of class loaders, which may block; no lock is held meanwhile.
 *
 * <p>A child that has gone mad, or was taken over, costs no more than itself: it gets nothing by a name that is none, has
 * one question answered at a time, and has a budget of questions.
 */
final class ClassServer {
    /** So many names that nobody has are allowed at once: an honest child asks for each of them once … */
    private static final long MISSES = 20_000;
    /** … and so many more for each second: what a program that makes classes all the time may look for in vain. */
    private static final long MISSES_PER_SECOND = 200;
    /** So many questions are allowed altogether, and so many more for each second. */
    private static final long QUESTIONS = 1_000_000;

    private static final long QUESTIONS_PER_SECOND = 1_000;

    private static final int BUFFER = 16 * 1024;
    private static final int SHOWN = 200;

    private final Questions questions;
    private final ServedClasses classes;
    private final Executor threads;
    private final Consumer<String> broken;
    private final BooleanSupplier givenUp;
    private final long startedAt = System.nanoTime();

    /** How many questions have been taken up; guarded by this. */
    private long taken;

    /** Questions that found nothing; one is answered at a time. */
    private volatile long misses;

    private boolean answering;
    /** From then on nobody touches the control block: it is used again. */
    private boolean closed;

    /**
     * Serves one child.
     *
     * @param classes what may be served, if anything
     * @param broken is told what the child has done wrong
     * @param givenUp whether the child is dead, or about to be
     */
    ClassServer(
            Questions questions,
            ServedClasses classes,
            Executor threads,
            Consumer<String> broken,
            BooleanSupplier givenUp) {
        this.questions = questions;
        this.classes = classes;
        this.threads = threads;
        this.broken = broken;
        this.givenUp = givenUp;
    }

    /** Whether there is a question that nobody has taken up. */
    synchronized boolean isAsked() {
        return !closed && questions.asked() != taken;
    }

    /** Has the question answered if there is one; called for each bell, and by the monitor if there was no thread then. */
    void look() {
        String wrong = null;
        synchronized (this) {
            long asked = questions.asked();
            if (closed || asked == taken) {
                return;
            }
            if (answering || asked != taken + 1) {
                wrong = "it asked for classes out of turn";
                closed = true;
            } else {
                haveAnswered(asked);
            }
        }
        if (wrong != null) {
            broken.accept(wrong);
        }
    }

    /** Before anything changes: if there is no memory, or no thread, the monitor looks again. */
    private void haveAnswered(long number) {
        try {
            threads.execute(() -> answer(number));
            taken = number;
            answering = true;
        } catch (OutOfMemoryError e) {
            return; // the thread that reads bells has to go on
        }
    }

    private void answer(long number) {
        boolean complete = false;
        try {
            Question question = questions.question();
            String wrong = objection(number, question);
            if (wrong != null) {
                broken.accept(wrong);
                return;
            }
            ServedAnswer answer = new ServedAnswer(new BufferedOutputStream(new Ring(), BUFFER));
            try {
                serve(question, answer);
            } finally {
                answer.flush();
            }
            complete = true;
        } catch (IOException | OutOfMemoryError e) {
            return; // the child is gone, or gets to know that its answer is not complete
        } finally {
            done(number, complete);
        }
    }

    private @Nullable String objection(long number, Question question) {
        long seconds = (System.nanoTime() - startedAt) / 1_000_000_000;
        if (misses > MISSES + MISSES_PER_SECOND * seconds || number > QUESTIONS + QUESTIONS_PER_SECOND * seconds) {
            return "it asked for " + number + " classes and resources within " + seconds + " s; " + misses
                    + " of them do not exist";
        }
        if (!classes.serves() || !question.isProper()) {
            String name = question.name();
            return "it asked for \"" + (name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…")
                    + "\" as a class or resource";
        }
        return null;
    }

    private void serve(Question question, ServedAnswer answer) throws IOException {
        try {
            classes.answer(question, answer);
            noteMiss(answer.isEmpty());
        } catch (RuntimeException | LinkageError | StackOverflowError e) { // of a class loader
            answer.failed(
                    "the parent's class loader failed: " + e + " (is it closed, or was its application stopped?)");
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread at a time
    private void noteMiss(boolean missed) {
        if (missed) {
            misses++;
        }
    }

    private synchronized void done(long number, boolean complete) {
        answering = false;
        if (!closed) {
            questions.done(number, complete);
        }
    }

    /** After the end of the process. */
    synchronized void close() {
        closed = true;
    }

    /** Hands on to the child what it makes room for. */
    private final class Ring extends OutputStream {
        private final Backoff backoff = new Backoff();

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int some = give(bytes, offset + done, length - done);
                if (some == 0) {
                    if (givenUp.getAsBoolean()) {
                        throw new IOException("the child is gone");
                    }
                    backoff.pause();
                } else {
                    backoff.reset();
                    done += some;
                }
            }
        }
    }

    private synchronized int give(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the child is gone");
        }
        return questions.give(bytes, offset, length);
    }
}
