package dev.procpool.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SerialQueueTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();
    private boolean noThreads;

    private final SerialQueue queue = new SerialQueue(step -> {
        if (noThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        threads.add(step);
    });

    private void runThreads() {
        for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
            thread.run();
        }
    }

    @Test
    void stepsRunInOrder() {
        queue.add(() -> log.add("a"));
        queue.add(() -> log.add("b"));
        assertThat(threads).hasSize(1);
        runThreads();
        assertThat(log).containsExactly("a", "b");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aThreadRunsItsOwnStepAndLeavesTheOthers() {
        int turn = queue.addForThisThread(() -> log.add("mine"));
        queue.add(() -> log.add("another's"));
        assertThat(turn).isPositive();
        assertThat(queue.isIdle()).isFalse();

        queue.runOne(turn);
        assertThat(log).containsExactly("mine");
        runThreads();
        assertThat(log).containsExactly("mine", "another's");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aStepBehindOthersIsNotThisThreads() {
        queue.add(() -> log.add("first"));
        assertThat(queue.addForThisThread(() -> log.add("second"))).isZero();
        runThreads();
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void aTurnIsTakenOnce() {
        int turn = queue.addForThisThread(() -> log.add("mine"));
        queue.runOne(turn);
        queue.add(() -> log.add("another's"));
        queue.runOne(turn);
        assertThat(log).containsExactly("mine");
        runThreads();
        assertThat(log).containsExactly("mine", "another's");
    }

    @Test
    void stepsBehindOneThatBlocksGoOnInAnotherThread() {
        int turn = queue.addForThisThread(() -> {
            queue.compensate();
            queue.compensate(); // nothing has been taken since
            runThreads();
            log.add("mine");
        });
        queue.add(() -> log.add("another's"));
        queue.runOne(turn);
        assertThat(log).containsExactly("another's", "mine");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void nothingIsLostWhenThereIsNoThread() {
        noThreads = true;
        queue.add(() -> log.add("a"));
        assertThat(queue.isIdle()).isFalse();
        queue.compensate();
        noThreads = false;
        queue.compensate();
        runThreads();
        assertThat(log).containsExactly("a");
        assertThat(queue.isIdle()).isTrue();
    }

    @Test
    void aStepThatThrowsDoesNotStopTheOthers() {
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> log.add(thrown.getMessage()));
        try {
            queue.add(() -> {
                throw new IllegalStateException("on purpose");
            });
            queue.add(() -> log.add("b"));
            runThreads();
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
        assertThat(log).containsExactly("on purpose", "b");
    }
}
