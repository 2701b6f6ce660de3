package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link TaskExecutor} promises that runs a limited number of tasks at the same time. */
abstract class QueueingExecutorContract extends ConcurrentExecutorContract {
    private TaskExecutor single = TaskExecutor.sequential();
    private Signal end;
    private PoolFuture<Integer> first;

    /** Makes {@link #single}: one worker, busy until {@link #end} is raised. */
    private void occupyTheOnlyWorker() {
        single = create(1);
        Signal running = signal("first is running");
        end = signal("end of first");
        Signal atEnd = end;
        first = single.submit(() -> {
            running.raise();
            atEnd.awaitInTask();
            return 1;
        });
        running.expect();
    }

    @AfterEach
    void stopTheOnlyWorker() throws InterruptedException {
        single.shutdownNow();
        assertThat(single.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    @Test
    void hasTheParallelismAskedFor() {
        occupyTheOnlyWorker();
        assertThat(single.parallelism()).isOne();
        assertThat(executor.parallelism()).isEqualTo(2);
    }

    @Test
    void showsThatATaskWaits() throws Exception {
        occupyTheOnlyWorker();
        PoolFuture<Integer> second = single.submit(Tasks::answer);
        assertThat(second.status()).isEqualTo(PoolFuture.Status.PENDING);
        assertThat(second).hasToString("<Future 2 state=pending>");
        end.raise();
        assertThat(valueOf(second)).isEqualTo(42);
    }

    @Test
    void aTaskCancelledBeforeItsStartNeverStarts() throws Exception {
        occupyTheOnlyWorker();
        Signal started = signal("started");
        PoolFuture<Void> second = single.submit(started::raise);
        PoolFuture<Void> third = single.submit(started::raise);
        PoolFuture<Integer> fourth = single.submit(Tasks::answer);
        assertThat(second.cancel(false)).isTrue();
        assertThat(third.cancel(true)).isTrue();
        assertThat(second.status()).isEqualTo(PoolFuture.Status.CANCELLED);
        assertThatThrownBy(third::get).isInstanceOf(CancellationException.class);
        end.raise();
        assertThat(valueOf(fourth)).isEqualTo(42);
        assertThat(started.count()).isZero();
        assertThat(valueOf(first)).isOne();
    }

    @Test
    void survivesATaskCompletedBySomebodyElse() throws Exception {
        occupyTheOnlyWorker();
        PoolFuture<Integer> second = single.submit(Tasks::answer);
        PoolFuture<Integer> third = single.submit(Tasks::answer);
        assertThat(second.complete(7)).isTrue();
        end.raise();
        assertThat(valueOf(third)).isEqualTo(42);
        assertThat(valueOf(second)).isEqualTo(7);
    }

    @Test
    void aTaskCompletedBeforeItsStartNeverStarts() throws Exception {
        occupyTheOnlyWorker();
        Signal started = signal("started");
        PoolFuture<Void> completed = single.submit(started::raise);
        PoolFuture<Void> failed = single.submit(started::raise);
        PoolFuture<Void> obtruded = single.submit(started::raise);
        PoolFuture<Integer> last = single.submit(Tasks::answer);
        assertThat(completed.complete(null)).isTrue();
        assertThat(failed.completeExceptionally(new IllegalStateException("mine")))
                .isTrue();
        obtruded.obtrudeValue(null);
        end.raise();
        assertThat(valueOf(last)).isEqualTo(42);
        assertThat(causeOf(failed)).hasMessage("mine");
        assertThat(started.count()).isZero();
    }

    @Test
    void theDeadlineOfATaskThatWaitsDoesNotRun() throws Exception {
        occupyTheOnlyWorker();
        PoolFuture<Integer> second =
                single.with(TaskOptions.defaults().timeout(deadline())).submit(Tasks::answer);
        assertThat(Futures.await(
                                List.of(second),
                                Futures.ALL_COMPLETED,
                                deadline().multipliedBy(2))
                        .done())
                .isEmpty();
        end.raise();
        assertThat(valueOf(second)).isEqualTo(42);
    }

    @Test
    void finishesWhatWaitsAfterShutdown() throws Exception {
        occupyTheOnlyWorker();
        PoolFuture<Integer> second = single.submit(Tasks::answer);
        single.shutdown();
        end.raise();
        assertThat(valueOf(second)).isEqualTo(42);
        assertThat(valueOf(first)).isOne();
    }

    @Test
    void shutdownNowReturnsWhatNeverStarted() {
        occupyTheOnlyWorker();
        Signal started = signal("started");
        Runnable action = new Tasks.Raise(started);
        PoolFuture<?> second = single.submit(action);
        PoolFuture<Integer> third = single.submit(() -> {
            started.raise();
            return 3;
        });
        PoolFuture<Integer> cancelled = single.submit(Tasks::answer);
        cancelled.cancel(false);
        List<Runnable> neverStarted = single.shutdownNow();
        assertThat(List.of(first, second, third)).allMatch(PoolFuture::isCancelled);
        assertThat(neverStarted).hasSize(2);
        assertThat(started.count()).isZero();
        neverStarted.forEach(Runnable::run);
        assertThat(started.count()).isEqualTo(2);
    }
}
