package dev.procpool;

import static dev.procpool.Futures.ALL_COMPLETED;
import static dev.procpool.Futures.FIRST_COMPLETED;
import static dev.procpool.Futures.FIRST_EXCEPTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link TaskExecutor} promises whose {@code submit} returns before the task has run. */
abstract class ConcurrentExecutorContract extends TaskExecutorContract {
    /** A deadline that a task passes that never ends, and one that does little does not. */
    Duration deadline() {
        return Limits.DEADLINE;
    }

    /** Fails unless the signal stops counting: the code that raises it no longer runs. */
    private static void expectToStop(Signal signal) {
        long[] last = {-1};
        await().atMost(Limits.LONG).pollInterval(Limits.SHORT).until(() -> {
            long before = last[0];
            last[0] = signal.count();
            return last[0] == before;
        });
    }

    /** Submits a task that counts up without end, and waits until it does. */
    private PoolFuture<Void> submitEndless(TaskExecutor to, Signal signal) {
        PoolFuture<Void> future = to.submit(() -> {
            signal.raiseForEver();
            return null;
        });
        signal.expect();
        return future;
    }

    // ---- states and cancellation

    @Test
    void showsThatItRuns() throws Exception {
        Signal running = signal("running");
        Signal end = signal("end");
        PoolFuture<Integer> future = executor.submit(() -> {
            running.raise();
            end.awaitInTask();
            return 42;
        });
        running.expect();
        assertThat(future.status()).isEqualTo(PoolFuture.Status.RUNNING);
        assertThat(future).hasToString("<Future 1 state=running>");
        end.raise();
        assertThat(valueOf(future)).isEqualTo(42);
        assertThat(future.status()).isEqualTo(PoolFuture.Status.FINISHED);
    }

    @Test
    void runsTasksAtTheSameTime() throws Exception {
        Signal left = signal("left");
        Signal right = signal("right");
        PoolFuture<Void> first = executor.submit(() -> {
            left.raise();
            right.awaitInTask();
            return null;
        });
        PoolFuture<Void> second = executor.submit(() -> {
            right.raise();
            left.awaitInTask();
            return null;
        });
        valueOf(first);
        valueOf(second);
    }

    @Test
    void cancelStopsARunningTask() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> future = submitEndless(executor, beat);
        assertThat(future.cancel(true)).isTrue();
        assertThat(future.cancel(true)).isTrue();
        assertThat(future.status()).isEqualTo(PoolFuture.Status.CANCELLED);
        assertThat(future).hasToString("<Future 1 state=cancelled>");
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        expectToStop(beat);
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void cancelWithoutInterruptDropsTheResult() throws Exception {
        Signal running = signal("running");
        Signal end = signal("end");
        Signal done = signal("done");
        PoolFuture<Integer> future = executor.submit(() -> {
            running.raise();
            end.awaitInTask();
            done.raise();
            return 42;
        });
        running.expect();
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.isCancelled()).isTrue();
        end.raise();
        done.expect();
        assertThat(future.isCancelled()).isTrue();
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void completingTheFutureStopsARunningTask() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> future = submitEndless(executor, beat);
        assertThat(future.complete(null)).isTrue();
        assertThat(future.status()).isEqualTo(PoolFuture.Status.FINISHED);
        assertThat(valueOf(future)).isNull();
        expectToStop(beat);
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void aTimeOutOfTheFutureStopsARunningTask() {
        Signal beat = signal("beat");
        PoolFuture<Void> future = submitEndless(executor, beat);
        assertThat(causeOf(future.orTimeout(1, TimeUnit.MILLISECONDS))).isInstanceOf(TimeoutException.class);
        expectToStop(beat);
    }

    @Test
    void aCallbackOfACancelledTaskMayWaitForTheEnd() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> future = submitEndless(executor, beat);
        CompletableFuture<Void> closed = future.handle((value, thrown) -> {
            executor.close();
            return null;
        });
        assertThat(future.cancel(true)).isTrue();
        valueOf(closed);
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void cancelFromACallbackStopsAnotherTask() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> endless = submitEndless(executor, beat);
        valueOf(executor.submit(Tasks::answer).thenRun(() -> endless.cancel(true)));
        assertThat(endless.isCancelled()).isTrue();
        expectToStop(beat);
    }

    // ---- deadlines

    @Test
    void stopsATaskAtItsDeadline() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> future = executor.with(TaskOptions.defaults().timeout(deadline()))
                .submit(() -> {
                    beat.raiseForEver();
                    return null;
                });
        assertThat(causeOf(future))
                .isInstanceOfSatisfying(
                        TaskTimeoutException.class,
                        timeout -> assertThat(timeout.timeout()).isEqualTo(deadline()));
        assertThat(future).hasToString("<Future 1 state=finished raised TaskTimeoutException>");
        expectToStop(beat);
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void leavesATaskAloneThatIsInTime() throws Exception {
        TaskExecutor patient = executor.with(TaskOptions.defaults().timeout(Limits.LONG));
        assertThat(valueOf(patient.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void retriesATaskThatWasLate() throws Exception {
        Signal started = signal("started");
        PoolFuture<String> future = executor.with(
                        TaskOptions.defaults().timeout(deadline()).retries(1))
                .submit(() -> {
                    started.raise();
                    if (started.count() == 1) {
                        Thread.sleep(Limits.LONG.toMillis());
                    }
                    return "attempt " + started.count();
                });
        assertThat(valueOf(future)).isEqualTo("attempt 2");
    }

    @Test
    void givesUpWhenAllRetriesAreLate() {
        Signal started = signal("started");
        PoolFuture<Void> future = executor.with(
                        TaskOptions.defaults().timeout(deadline()).retries(1))
                .submit(() -> {
                    started.raise();
                    Thread.sleep(Limits.LONG.toMillis());
                    return null;
                });
        assertThat(causeOf(future)).isInstanceOf(TaskTimeoutException.class);
        assertThat(started.count()).isEqualTo(2);
    }

    @Test
    void mapWatchesTheDeadlineOfEachItem() {
        Iterator<Integer> results = executor.map(
                        (Integer item) -> {
                            if (item == 2) {
                                Thread.sleep(Limits.LONG.toMillis());
                            }
                            return item;
                        },
                        List.of(1, 2, 3),
                        MapOptions.defaults().timeout(deadline()))
                .iterator();
        assertThat(results.next()).isEqualTo(1);
        assertThatThrownBy(results::next).isInstanceOf(TaskTimeoutException.class);
        assertThat(results.next()).isEqualTo(3);
        assertThat(results.hasNext()).isFalse();
    }

    // ---- map

    @Test
    void closingTheStreamStopsItsTasks() {
        Signal beat = signal("beat");
        Stream<Integer> results = executor.map(
                (Integer item) -> {
                    if (item == 1) {
                        return item;
                    }
                    beat.raiseForEver();
                    return item;
                },
                IntStream.range(1, 100).boxed().toList(),
                MapOptions.defaults().chunkSize(1));
        assertThat(results.iterator().next()).isEqualTo(1);
        beat.expect();
        results.close();
        expectToStop(beat);
        assertThat(results.isParallel()).isFalse();
    }

    @Test
    void closingTheStreamEndsAConsumerThatWaits() throws Exception {
        Signal beat = signal("beat");
        Stream<Object> results = executor.map(
                (Integer item) -> {
                    beat.raiseForEver();
                    return null;
                },
                List.of(1, 2, 3));
        FutureTask<List<Object>> consumer = new FutureTask<>(results::toList);
        Thread thread = new Thread(consumer, "consumer");
        thread.start();
        beat.expect();
        results.close();
        assertThat(valueOf(consumer)).isEmpty();
        thread.join();
    }

    @Test
    void interruptedMapCanGoOn() throws Exception {
        Signal end = signal("end");
        Iterator<Integer> results = executor.map(
                        (Integer item) -> {
                            end.awaitInTask();
                            return item;
                        },
                        List.of(1))
                .iterator();
        Thread.currentThread().interrupt();
        assertThatThrownBy(results::next)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        end.raise();
        assertThat(results.next()).isEqualTo(1);
    }

    // ---- many at once

    @Test
    void yieldsFuturesAsTheyComplete() {
        Signal second = signal("second");
        Signal third = signal("third");
        PoolFuture<Integer> waiting = executor.submit(() -> {
            third.awaitInTask();
            return 3;
        });
        PoolFuture<Integer> next = executor.submit(() -> {
            second.awaitInTask();
            return 2;
        });
        CompletableFuture<Integer> plain = CompletableFuture.completedFuture(1);
        List<Integer> order = new ArrayList<>();
        for (CompletableFuture<Integer> done : Futures.asCompleted(List.of(waiting, next, plain, next))) {
            order.add(done.join());
            (order.size() == 1 ? second : third).raise();
        }
        assertThat(order).containsExactly(1, 2, 3);
    }

    @Test
    void asCompletedGivesUpAfterItsTime() {
        Signal beat = signal("beat");
        List<PoolFuture<Void>> futures = List.of(submitEndless(executor, beat));
        Iterator<PoolFuture<Void>> iterator =
                Futures.asCompleted(futures, Limits.SHORT).iterator();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(TimeoutException.class)
                .hasMessage("1 of 1 futures unfinished after PT0.1S");
        assertThat(futures.get(0)).isNotDone();
    }

    @Test
    void waitsForNothingWithoutTime() throws Exception {
        Signal beat = signal("beat");
        List<PoolFuture<Void>> futures = List.of(submitEndless(executor, beat));
        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThat(Futures.await(futures, ALL_COMPLETED, timeout).done()).isEmpty();
            Iterator<PoolFuture<Void>> iterator =
                    Futures.asCompleted(futures, timeout).iterator();
            assertThatThrownBy(iterator::next).hasCauseInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> futures.get(0).get(timeout.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void awaitsTheFirstOrAll() throws Exception {
        Signal end = signal("end");
        PoolFuture<Integer> waiting = executor.submit(() -> {
            end.awaitInTask();
            return 1;
        });
        PoolFuture<Integer> quick = executor.submit(Tasks::answer);
        Futures.Awaited<PoolFuture<Integer>> first = Futures.await(List.of(waiting, quick), FIRST_COMPLETED);
        assertThat(first.done()).containsExactly(quick);
        assertThat(first.notDone()).containsExactly(waiting);

        PoolFuture<Integer> failing = executor.submit(Tasks::throwChecked);
        assertThat(Futures.await(List.of(waiting, quick, failing), FIRST_EXCEPTION)
                        .done())
                .contains(failing)
                .doesNotContain(waiting);
        assertThat(Futures.await(List.of(waiting, quick), ALL_COMPLETED, Limits.SHORT)
                        .notDone())
                .containsExactly(waiting);
        end.raise();
        assertThat(Futures.await(List.of(waiting, quick), ALL_COMPLETED).notDone())
                .isEmpty();
    }

    @Test
    void invokeAllCancelsWhatIsLate() throws Exception {
        Signal beat = signal("beat");
        SerializableCallable<Integer> endless = () -> {
            beat.raiseForEver();
            return 0;
        };
        SerializableCallable<Integer> quick = Tasks::answer;
        Duration enoughForWorkersToStart = Duration.ofSeconds(5);
        List<Future<Integer>> futures =
                executor.invokeAll(List.of(quick, endless), enoughForWorkersToStart.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(futures).allMatch(Future::isDone);
        assertThat(futures.get(0).get()).isEqualTo(42);
        assertThat(futures.get(1).isCancelled()).isTrue();
        expectToStop(beat);
    }

    @Test
    void invokeAllCancelsWhenInterrupted() throws Exception {
        Signal beat = signal("beat");
        SerializableCallable<Integer> endless = () -> {
            beat.raiseForEver();
            return 0;
        };
        FutureTask<List<Future<Integer>>> call = new FutureTask<>(() -> executor.invokeAll(List.of(endless, endless)));
        Thread thread = new Thread(call, "caller");
        thread.start();
        beat.expect();
        thread.interrupt();
        assertThat(causeOf(call)).isInstanceOf(InterruptedException.class);
        expectToStop(beat);
        thread.join();
    }

    @Test
    void invokeAnyStopsTheOthers() throws Exception {
        Signal beat = signal("beat");
        SerializableCallable<Integer> endless = () -> {
            beat.raiseForEver();
            return 0;
        };
        SerializableCallable<Integer> second = () -> {
            beat.awaitInTask();
            return 42;
        };
        assertThat(executor.invokeAny(List.of(endless, second))).isEqualTo(42);
        expectToStop(beat);
    }

    @Test
    void invokeAnyGivesUpAfterItsTime() {
        Signal beat = signal("beat");
        Callable<Integer> endless = (SerializableCallable<Integer>) () -> {
            beat.raiseForEver();
            return 0;
        };
        assertThatThrownBy(() -> executor.invokeAny(List.of(endless), Limits.SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        expectToStop(beat);
    }

    @Test
    void shutdownNowEndsInvokeAny() throws Exception {
        Signal beat = signal("beat");
        SerializableCallable<Integer> endless = () -> {
            beat.raiseForEver();
            return 0;
        };
        FutureTask<Integer> call = new FutureTask<>(() -> executor.invokeAny(List.of(endless, endless)));
        Thread thread = new Thread(call, "caller");
        thread.start();
        beat.expect();
        // until both are submitted, so that it is the cancellation that ends the call, and not a rejection
        await().atMost(Limits.LONG)
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        executor.shutdownNow();
        assertThat(causeOf(call))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancellationException.class);
        thread.join();
        expectToStop(beat);
    }

    @Test
    void shutdownNowEndsInvokeAll() throws Exception {
        Signal beat = signal("beat");
        SerializableCallable<Integer> endless = () -> {
            beat.raiseForEver();
            return 0;
        };
        FutureTask<List<Future<Integer>>> call = new FutureTask<>(() -> executor.invokeAll(List.of(endless, endless)));
        Thread thread = new Thread(call, "caller");
        thread.start();
        beat.expect();
        await().atMost(Limits.LONG)
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        executor.shutdownNow();
        assertThat(valueOf(call)).hasSize(2).allMatch(Future::isCancelled);
        thread.join();
        expectToStop(beat);
    }

    @Test
    void invokeAnyEndsWhenInterrupted() throws Exception {
        Signal beat = signal("beat");
        SerializableCallable<Integer> endless = () -> {
            beat.raiseForEver();
            return 0;
        };
        FutureTask<Integer> call = new FutureTask<>(() -> executor.invokeAny(List.of(endless, endless)));
        Thread thread = new Thread(call, "caller");
        thread.start();
        beat.expect();
        thread.interrupt();
        assertThat(causeOf(call)).isInstanceOf(InterruptedException.class);
        expectToStop(beat);
        thread.join();
    }

    // ---- the end

    @Test
    void finishesWhatRunsAfterShutdown() throws Exception {
        Signal running = signal("running");
        Signal end = signal("end");
        PoolFuture<Integer> future = executor.submit(() -> {
            running.raise();
            end.awaitInTask();
            return 42;
        });
        running.expect();
        executor.shutdown();
        assertThat(executor.awaitTermination(Limits.SHORT.toMillis(), TimeUnit.MILLISECONDS))
                .isFalse();
        assertThat(executor.isTerminated()).isFalse();
        end.raise();
        assertThat(valueOf(future)).isEqualTo(42);
        assertThat(executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    @Test
    void shutdownNowCancelsWhatRuns() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> future = submitEndless(executor, beat);
        assertThat(executor.shutdownNow()).isEmpty();
        assertThat(future).isCancelled();
        expectToStop(beat);
        assertThat(executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    @Test
    void interruptedCloseStopsWhatRuns() throws Exception {
        Signal beat = signal("beat");
        PoolFuture<Void> future = submitEndless(executor, beat);
        FutureTask<Boolean> closing = new FutureTask<>(() -> {
            executor.close();
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(closing, "closing");
        thread.start();
        await().atMost(Limits.LONG).until(executor::isShutdown);
        thread.interrupt();
        assertThat(valueOf(closing)).isTrue();
        assertThat(future).isCancelled();
        assertThat(executor.isTerminated()).isTrue();
        expectToStop(beat);
        thread.join();
    }
}
