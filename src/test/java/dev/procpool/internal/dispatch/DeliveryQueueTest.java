package dev.procpool.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.worker.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Threads are simulated: what would run on one is queued and run by {@link #runThreads}. */
class DeliveryQueueTest {
    private static final long TICK = 100_000_000;
    /** As many ticks as the consumer of a line may take before it is left behind, and one more. */
    private static final int LINE_TICKS = 12;

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private boolean noThreads;

    private final DeliveryQueue queue = new DeliveryQueue(
            step -> {
                if (noThreads) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                threads.add(step);
            },
            new DeliveryQueue.Reading() {
                @Override
                public void handOver() {
                    log.add("look");
                }

                @Override
                public void readOn() {
                    log.add("read on");
                }
            });

    /** A step as a plain future is: no foreign code. */
    private static Step plain(Runnable action) {
        return new TestStep(action, false, false);
    }

    private static final class TestStep extends Step {
        private final Runnable action;
        private final boolean foreign;
        private final boolean awaited;

        TestStep(Runnable action, boolean foreign, boolean awaited) {
            this.action = action;
            this.foreign = foreign;
            this.awaited = awaited;
        }

        @Override
        boolean perform() {
            action.run();
            return true;
        }

        @Override
        boolean isForeign() {
            return foreign;
        }

        @Override
        boolean isAwaitedHere() {
            return awaited;
        }
    }

    private final class TestLine implements Worker.Line {
        private final String text;
        private final Runnable consumer;

        TestLine(String text, Runnable consumer) {
            this.text = text;
            this.consumer = consumer;
        }

        @Override
        public void handOut() {
            consumer.run();
            log.add(text);
        }

        @Override
        public void drop() {
            log.add("dropped");
        }

        @Override
        public int size() {
            return text.length();
        }
    }

    private Step line(String text) {
        return line(text, () -> {});
    }

    private Step line(String text, Runnable consumer) {
        return new DeliveryQueue.LineStep(new TestLine(text, consumer));
    }

    private void foreign(String text) {
        queue.add(Step.of(() -> log.add(text)));
    }

    private void runThreads() {
        for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
            thread.run();
        }
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            queue.compensate(TICK);
        }
    }

    @Test
    void stepsRunInOrder() {
        foreign("a");
        foreign("b");
        assertThat(threads).hasSize(1);
        runThreads();
        assertThat(log).containsExactly("a", "b");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aThreadThatHasReadRunsWhatIsHarmless() {
        Step first = plain(() -> log.add("a"));
        Step second = plain(() -> log.add("b"));
        first.next = second;
        int turn = queue.offer(first, second);
        assertThat(turn).isPositive();
        assertThat(queue.isIdle()).isFalse();

        queue.runHere(turn);
        assertThat(log).containsExactly("a", "b");
        assertThat(threads).isEmpty();
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aThreadThatHasReadLeavesForeignCodeToOthers() {
        Step first = plain(() -> log.add("plain"));
        Step second = new TestStep(() -> log.add("callback"), true, false);
        first.next = second;
        queue.runHere(queue.offer(first, second));
        assertThat(log).containsExactly("plain");
        runThreads();
        assertThat(log).containsExactly("plain", "callback");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aThreadRebuildsTheResultThatItWaitsForAndHandsOverTheReadingBefore() {
        Step awaited = new TestStep(() -> log.add("mine"), true, true);
        queue.runHere(queue.offer(awaited, awaited));
        assertThat(log).containsExactly("look", "mine");
        assertThat(threads).isEmpty();
    }

    @Test
    void stepsBehindOthersAreNotThisThreads() {
        foreign("first");
        Step second = plain(() -> log.add("second"));
        assertThat(queue.offer(second, second)).isZero();
        queue.runHere(0);
        assertThat(log).isEmpty();
        runThreads();
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void aTurnEndsWithTheQueue() {
        Step mine = plain(() -> log.add("mine"));
        int turn = queue.offer(mine, mine);
        queue.runHere(turn);
        foreign("another's");
        queue.runHere(turn);
        assertThat(log).containsExactly("mine");
        runThreads();
        assertThat(log).containsExactly("mine", "another's");
    }

    /** A callback that nobody saw coming blocks the thread that reads: others complete the rest, and read on. */
    @Test
    void aReaderLeftBehindIsReplaced() {
        Step blocks = plain(() -> {
            ticks(2);
            runThreads();
            log.add("blocked");
        });
        Step next = plain(() -> log.add("next"));
        blocks.next = next;
        queue.runHere(queue.offer(blocks, next));
        assertThat(log).containsExactly("read on", "next", "blocked");
        assertThat(queue.isIdle()).isTrue();
    }

    /** Two would take steps at the same time. */
    @Test
    void aReaderLeftBehindTakesNoFurtherStep() {
        Step blocks = plain(() -> ticks(2));
        Step next = plain(() -> log.add("next"));
        blocks.next = next;
        queue.runHere(queue.offer(blocks, next));
        assertThat(log).containsExactly("read on");
        runThreads();
        assertThat(log).containsExactly("read on", "next");
    }

    /** Also when nothing waits in the queue: what is still in the ring may be what the callback waits for. */
    @Test
    void aReaderLeftBehindAtTheLastStepIsReplaced() {
        Step blocks = plain(() -> ticks(2));
        queue.runHere(queue.offer(blocks, blocks));
        assertThat(log).containsExactly("read on");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void whoSaysThatItBlocksIsLeftBehindAtOnce() {
        queue.add(Step.of(() -> {
            DeliveryQueue.aboutToBlock();
            runThreads();
            log.add("waited");
        }));
        foreign("next");
        runThreads();
        assertThat(log).containsExactly("next", "waited");
        assertThat(queue.isIdle()).isTrue();
    }

    /** It was left behind before, and somebody else is at work: that one must not be left behind in its place. */
    @Test
    void whoIsLeftBehindTwiceStopsNobodyElse() {
        queue.add(Step.of(() -> {
            ticks(2);
            DeliveryQueue.aboutToBlock();
            assertThat(threads).hasSize(1);
        }));
        foreign("next");
        runThreads();
        assertThat(log).containsExactly("next");
    }

    @Test
    void linesAreNotLeftBehindSoon() {
        queue.add(line("slow", () -> {
            ticks(LINE_TICKS / 2);
            assertThat(threads).isEmpty();
        }));
        queue.add(line("next"));
        runThreads();
        assertThat(log).containsExactly("slow", "next");
    }

    @Test
    void whatIsNoLinePassesAStuckConsumerAndLinesKeepTheirOrder() {
        queue.add(line("stuck", () -> {
            ticks(LINE_TICKS);
            runThreads();
            assertThat(log).containsExactly("future");
        }));
        queue.add(line("second"));
        foreign("future");
        queue.add(line("third"));
        runThreads();
        assertThat(log).containsExactly("future", "stuck", "second", "third");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void linesBeyondTheBoundAreDroppedWhileTheConsumerIsStuck() {
        String half = "x".repeat(1 << 16);
        queue.add(line("stuck", () -> {
            ticks(LINE_TICKS);
            runThreads();
            assertThat(log).containsExactly("dropped", "dropped");
        }));
        for (int i = 0; i < 3; i++) {
            queue.add(line(half));
        }
        runThreads();
        assertThat(log).containsExactly("dropped", "dropped", "stuck", half);
        queue.add(line("afterwards"));
        runThreads();
        assertThat(log).endsWith("afterwards");
    }

    @Test
    void nothingIsLostWhenThereIsNoThread() {
        noThreads = true;
        foreign("a");
        assertThat(queue.isIdle()).isFalse();
        ticks(1);
        noThreads = false;
        ticks(1);
        runThreads();
        assertThat(log).containsExactly("a");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aStepThatFindsNoMemoryIsTriedAgain() {
        boolean[] memory = {false};
        queue.add(new Step() {
            @Override
            boolean perform() {
                log.add(memory[0] ? "done" : "no memory");
                return memory[0];
            }

            @Override
            boolean isForeign() {
                return true;
            }
        });
        foreign("next");
        runThreads();
        assertThat(log).containsExactly("no memory");
        memory[0] = true;
        ticks(1);
        runThreads();
        assertThat(log).containsExactly("no memory", "done", "next");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aStepThatThrowsDoesNotStopTheOthers() {
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {
            log.add(thrown.getMessage());
            throw new OutOfMemoryError("the handler fails, too");
        });
        try {
            queue.add(Step.of(() -> {
                throw new IllegalStateException("on purpose");
            }));
            foreign("b");
            runThreads();
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        assertThat(log).containsExactly("on purpose", "b");
    }
}
