package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.soak.ConcurrentUse;
import dev.procpool.soak.Ledger;
import dev.procpool.soak.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link TaskExecutor} promises. A class of its own runs it for each kind. */
@ExtendWith(LeakCheck.class)
abstract class TaskExecutorContract {
    @TempDir
    Path folder;

    TaskExecutor executor;

    /** A new executor with that many workers, where it has workers. */
    abstract TaskExecutor create(int workers);

    /** So many that the executor has a choice how to cut them. */
    int manyItems() {
        return 500;
    }

    /** The ways in which threads may wait for its tasks: not by a callback that blocks the thread of another task. */
    Set<Way> ways() {
        return EnumSet.complementOf(EnumSet.of(Way.CALLBACK_THAT_JOINS));
    }

    /** So many threads, with so many tasks, that a second or two are enough. */
    ConcurrentUse.Load concurrentLoad() {
        return ConcurrentUse.Load.normal();
    }

    @BeforeEach
    void createExecutor() {
        executor = create(2);
    }

    @AfterEach
    void stopExecutor() throws InterruptedException {
        if (executor instanceof ProcessPoolExecutor pool) {
            assertThat(pool.stats().rescued()).isZero();
        }
        executor.shutdownNow();
        assertThat(executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    final Signal signal(String name) {
        return Signal.in(folder, name);
    }

    static Throwable causeOf(Future<?> future) {
        return assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> future.get(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .actual()
                .getCause();
    }

    static <T> T valueOf(Future<T> future) throws Exception {
        return future.get(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void servesManyThreadsThatWaitInAllWays() throws InterruptedException {
        Ledger books = ConcurrentUse.run(executor, concurrentLoad(), ways(), 1, 1);
        assertThat(books.balances()).as("%s", books).isTrue();
        assertThat(books.tasks()).isPositive();
    }

    // ---- submit

    @Test
    void runsLambdas() throws Exception {
        Signal ran = signal("ran");
        int six = 6;
        PoolFuture<Integer> value = executor.submit(() -> six * 7);
        PoolFuture<Void> action = executor.submit(() -> ran.raise());
        assertThat(valueOf(value)).isEqualTo(42);
        assertThat(valueOf(action)).isNull();
        assertThat(ran.count()).isOne();
    }

    @Test
    void runsMethodReferences() throws Exception {
        Signal ran = signal("ran");
        PoolFuture<Integer> value = executor.submit(Tasks::answer);
        PoolFuture<Void> nothing = executor.submit(Tasks::nothing);
        PoolFuture<Void> bound = executor.submit(ran::raise);
        assertThat(valueOf(value)).isEqualTo(42);
        assertThat(valueOf(nothing)).isNull();
        assertThat(valueOf(bound)).isNull();
        assertThat(ran.count()).isOne();
    }

    @Test
    void runsLambdasWithABodyThatThrowsCheckedExceptions() throws Exception {
        String name = folder.toString();
        PoolFuture<Boolean> isFolder = executor.submit(() -> {
            if (name.isEmpty()) {
                throw new IOException("no name");
            }
            return Path.of(name).toFile().isDirectory();
        });
        assertThat(valueOf(isFolder)).isTrue();
    }

    @Test
    void runsObjects() throws Exception {
        Signal ran = signal("ran");
        Object result = new Object();
        Callable<String> callable = new Tasks.Named("world");
        Runnable runnable = new Tasks.Raise(ran);
        assertThat(valueOf(executor.submit(callable))).isEqualTo("hello world");
        assertThat(valueOf(executor.submit(runnable))).isNull();
        assertThat(valueOf(executor.submit(runnable, result))).isSameAs(result);
        assertThat(ran.count()).isEqualTo(2);
    }

    @Test
    void returnsNull() throws Exception {
        assertThat(valueOf(executor.submit(() -> (String) null))).isNull();
    }

    @Test
    void rejectsNull() {
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Callable<?>) null));
        assertThatNullPointerException().isThrownBy(() -> executor.submit((Runnable) null));
        assertThatNullPointerException().isThrownBy(() -> executor.with(null));
        assertThatNullPointerException().isThrownBy(() -> executor.map(null, List.of(1)));
        assertThatNullPointerException().isThrownBy(() -> executor.map(Tasks::square, null));
    }

    @Test
    void executesWithoutAFuture() {
        Signal ran = signal("ran");
        executor.execute(new Tasks.Raise(ran));
        ran.expect();
    }

    @Test
    void reportsWhatAnExecutedActionThrows() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> reported.complete(thrown));
        try {
            executor.execute(new Tasks.Fail("nobody asks"));
            assertThat(valueOf(reported))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("nobody asks");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    // ---- what tasks throw

    @Test
    void deliversTheException() {
        PoolFuture<Integer> future = executor.submit(Tasks::throwIllegalState);
        assertThat(causeOf(future))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");
        assertThatThrownBy(future::join)
                .isExactlyInstanceOf(CompletionException.class)
                .hasCauseExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    void deliversTheFramesOfTheException() {
        assertThat(causeOf(executor.submit(Tasks::throwIllegalState)).getStackTrace())
                .anySatisfy(frame -> {
                    assertThat(frame.getClassName()).isEqualTo(Tasks.class.getName());
                    assertThat(frame.getMethodName()).isEqualTo("throwIllegalState");
                });
    }

    @Test
    void deliversACheckedExceptionWithItsCause() {
        assertThat(causeOf(executor.submit(Tasks::throwChecked)))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("on purpose")
                .cause()
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the cause");
    }

    @Test
    void deliversErrors() throws Exception {
        assertThat(causeOf(executor.submit(Tasks::throwError))).isExactlyInstanceOf(AssertionError.class);
        assertThat(causeOf(executor.submit(() -> Tasks.overflowTheStack(0))))
                .isExactlyInstanceOf(StackOverflowError.class);
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void aTaskThatThrowsACancellationIsNotCancelled() {
        PoolFuture<Integer> future = executor.submit(Tasks::throwCancellation);
        assertThat(causeOf(future))
                .isExactlyInstanceOf(CancellationException.class)
                .hasMessage("on purpose");
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.status()).isEqualTo(PoolFuture.Status.FINISHED);
    }

    @Test
    void aTaskThatThrowsACompletionExceptionKeepsIt() {
        assertThat(causeOf(executor.submit(Tasks::throwCompletion)))
                .isExactlyInstanceOf(CompletionException.class)
                .hasCauseExactlyInstanceOf(IOException.class);
    }

    // ---- the future

    @Test
    void numbersTasks() throws Exception {
        PoolFuture<Integer> first = executor.submit(Tasks::answer);
        PoolFuture<Integer> second = executor.submit(Tasks::answer);
        assertThat(first.taskId()).isOne();
        assertThat(second.taskId()).isEqualTo(2);
    }

    @Test
    void showsTheOutcome() throws Exception {
        PoolFuture<Integer> value = executor.submit(Tasks::answer);
        PoolFuture<Integer> failure = executor.submit(Tasks::throwChecked);
        PoolFuture<Object> nothing = executor.submit(() -> (Object) null);
        Futures.await(List.of(value, failure, nothing), Futures.ALL_COMPLETED);
        assertThat(value).hasToString("<Future 1 state=finished returned Integer>");
        assertThat(failure).hasToString("<Future 2 state=finished raised IOException>");
        assertThat(nothing).hasToString("<Future 3 state=finished returned null>");
        assertThat(value.status()).isEqualTo(PoolFuture.Status.FINISHED);
    }

    @Test
    void showsTheLabel() throws Exception {
        PoolFuture<Integer> future =
                executor.with(TaskOptions.defaults().label("weekly report")).submit(Tasks::answer);
        valueOf(future);
        assertThat(future).hasToString("<Future 1 \"weekly report\" state=finished returned Integer>");
    }

    @Test
    void canNotBeCancelledWhenDone() throws Exception {
        PoolFuture<Integer> future = executor.submit(Tasks::answer);
        valueOf(future);
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.isCancelled()).isFalse();
        assertThat(valueOf(future)).isEqualTo(42);
    }

    @Test
    void doesNotRetryWhatThrows() {
        Signal started = signal("started");
        PoolFuture<Void> future = executor.with(TaskOptions.defaults().retries(3))
                .submit(() -> {
                    started.raise();
                    Tasks.throwChecked();
                    return null;
                });
        assertThat(causeOf(future)).isInstanceOf(IOException.class);
        assertThat(started.count()).isOne();
    }

    @Test
    void viewsShareTheExecutor() {
        TaskExecutor view = executor.with(TaskOptions.defaults().label("view"));
        assertThat(view.parallelism()).isEqualTo(executor.parallelism()).isPositive();
        view.shutdown();
        assertThat(executor.isShutdown()).isTrue();
    }

    // ---- callbacks

    @Test
    void survivesACallbackThatThrows() throws Exception {
        PoolFuture<Integer> future = executor.submit(Tasks::answer);
        CompletableFuture<Integer> dependent = future.thenApply(value -> {
            throw new IllegalStateException("callback");
        });
        assertThat(causeOf(dependent)).hasMessage("callback");
        assertThat(valueOf(future)).isEqualTo(42);
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
    }

    @Test
    void survivesACallbackThatSubmits() throws Exception {
        CompletableFuture<Integer> chain = executor.submit(Tasks::answer)
                .thenCompose(value -> executor.submit(() -> value + 1))
                .thenCompose(value -> executor.submit(() -> value + 1));
        assertThat(valueOf(chain)).isEqualTo(44);
    }

    @Test
    void survivesACallbackThatShutsDown() throws Exception {
        CompletableFuture<Void> shut = executor.submit(Tasks::answer).thenRun(executor::shutdown);
        valueOf(shut);
        assertThat(executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    @Test
    void survivesACallbackThatCloses() throws Exception {
        CompletableFuture<Void> closed = executor.submit(Tasks::answer).thenRun(executor::close);
        valueOf(closed);
        assertThat(executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    // ---- many at once

    @Test
    void invokesAllInOrder() throws Exception {
        List<Tasks.Named> tasks =
                Stream.of("a", "b", "c", "d", "e").map(Tasks.Named::new).toList();
        List<Future<String>> futures = executor.invokeAll(tasks);
        assertThat(futures).allMatch(Future::isDone);
        List<String> results = new ArrayList<>();
        for (Future<String> future : futures) {
            results.add(future.get());
        }
        assertThat(results).containsExactly("hello a", "hello b", "hello c", "hello d", "hello e");
        assertThat(executor.invokeAll(List.<Tasks.Named>of())).isEmpty();
    }

    @Test
    void invokesAllAlthoughSomeFail() throws Exception {
        SerializableCallable<Integer> good = Tasks::answer;
        SerializableCallable<Integer> bad = Tasks::throwChecked;
        List<Future<Integer>> futures = executor.invokeAll(List.of(good, bad, good));
        assertThat(futures.get(0).get()).isEqualTo(42);
        assertThat(causeOf(futures.get(1))).isInstanceOf(IOException.class);
        assertThat(futures.get(2).get()).isEqualTo(42);
    }

    @Test
    void invokesAnyThatSucceeds() throws Exception {
        SerializableCallable<Integer> good = Tasks::answer;
        SerializableCallable<Integer> bad = Tasks::throwChecked;
        assertThat(executor.invokeAny(List.of(bad, good, bad))).isEqualTo(42);
        assertThat(executor.invokeAny(List.of(bad, good), Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isEqualTo(42);
        assertThatThrownBy(() -> executor.invokeAny(List.of(bad, bad)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseExactlyInstanceOf(IOException.class);
        assertThatThrownBy(() -> executor.invokeAny(List.<Callable<Integer>>of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void invokesNothingWithoutTime() throws Exception {
        Signal ran = signal("ran");
        List<SerializableCallable<Integer>> tasks = List.of(() -> raise(ran), () -> raise(ran));
        for (long timeout : new long[] {0, -1, Long.MIN_VALUE}) {
            List<Future<Integer>> futures = executor.invokeAll(tasks, timeout, TimeUnit.SECONDS);
            assertThat(futures).hasSize(2).allMatch(Future::isDone).allMatch(Future::isCancelled);
            assertThatThrownBy(() -> executor.invokeAny(tasks, timeout, TimeUnit.SECONDS))
                    .isInstanceOf(TimeoutException.class);
        }
        assertThat(executor.invokeAll(List.<Tasks.Named>of(), 0, TimeUnit.SECONDS))
                .isEmpty();
        assertThat(valueOf(executor.submit(Tasks::answer))).isEqualTo(42);
        assertThat(ran.count()).isZero();
    }

    private static int raise(Signal signal) {
        signal.raise();
        return 1;
    }

    @Test
    void invokingRejectsNull() {
        Signal ran = signal("ran");
        SerializableCallable<Integer> task = () -> raise(ran);
        List<SerializableCallable<Integer>> withNull = Arrays.asList(task, null);
        List<SerializableCallable<Integer>> tasks = List.of(task);
        List<SerializableCallable<Integer>> none = List.of();
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(withNull));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(withNull, 0, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(null, 1, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAll(tasks, 1, null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(null, 1, TimeUnit.SECONDS));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(tasks, 1, null));
        assertThatNullPointerException().isThrownBy(() -> executor.invokeAny(Arrays.asList(null, task)));
        assertThatThrownBy(() -> executor.invokeAny(none, 1, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ran.count()).isZero();
    }

    @Test
    void invokingAfterShutdownIsRejected() {
        SerializableCallable<Integer> task = Tasks::answer;
        executor.shutdown();
        assertThatThrownBy(() -> executor.invokeAll(List.of(task))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> executor.invokeAny(List.of(task))).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void invokesAnyWithTheFailureOfOne() {
        SerializableCallable<Integer> cancelled = Tasks::throwCancellation;
        assertThatThrownBy(() -> executor.invokeAny(List.of(cancelled)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancellationException.class);
    }

    /** Whether its tasks run in this JVM, so that they may complete a future of this JVM. */
    boolean runsTasksHere() {
        return true;
    }

    @Test
    void servesACompletionServiceOrNamesTheRemedy() throws Exception {
        ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(executor);
        if (runsTasksHere()) {
            Future<Integer> submitted = service.submit(Tasks::answer);
            Future<Integer> taken = service.poll(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(taken).isSameAs(submitted);
            assertThat(valueOf(taken)).isEqualTo(42);
            assertThat(valueOf(CompletableFuture.supplyAsync(Tasks::answer, executor)))
                    .isEqualTo(42);
        } else {
            assertThatThrownBy(() -> service.submit(Tasks::answer))
                    .isInstanceOf(TaskSerializationException.class)
                    .hasMessageContaining("Futures.asCompleted");
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(Tasks::answer, executor))
                    .isInstanceOf(TaskSerializationException.class)
                    .hasMessageContaining("CompletableFuture.supplyAsync");
            assertThatThrownBy(() -> executor.execute(new FutureTask<>(Tasks::answer)))
                    .isInstanceOf(TaskSerializationException.class)
                    .hasMessageContaining("give the Callable itself to submit");
        }
    }

    // ---- map

    @Test
    void mapsInOrder() {
        List<Integer> items = IntStream.range(0, manyItems()).boxed().toList();
        assertThat(executor.map(Tasks::square, items))
                .containsExactlyElementsOf(items.stream().map(Tasks::square).toList());
    }

    @Test
    void mapsUnordered() {
        List<Integer> items = IntStream.range(0, manyItems()).boxed().toList();
        assertThat(executor.map(Tasks::square, items, MapOptions.defaults().unordered()))
                .containsExactlyInAnyOrderElementsOf(
                        items.stream().map(Tasks::square).toList());
    }

    @Test
    void mapsInFixedChunks() {
        List<Integer> items =
                IntStream.range(0, Math.min(50, manyItems())).boxed().toList();
        MapOptions options = MapOptions.defaults().chunkSize(20).bufferSize(30);
        assertThat(executor.map(Tasks::square, items, options))
                .containsExactlyElementsOf(items.stream().map(Tasks::square).toList());
    }

    @Test
    void mapsNothing() {
        assertThat(executor.map(Tasks::square, List.of())).isEmpty();
    }

    @Test
    void mapsNulls() {
        assertThat(executor.map((String item) -> item == null ? "was null" : null, Arrays.asList("x", null)))
                .containsExactly(null, "was null");
    }

    @Test
    void mapsAnInfiniteSource() {
        AtomicInteger taken = new AtomicInteger();
        try (Stream<Integer> squares = executor.map(
                Tasks::square, () -> Stream.generate(taken::getAndIncrement).iterator())) {
            assertThat(squares.limit(5)).containsExactly(0, 1, 4, 9, 16);
        }
    }

    @Test
    void takesNothingBeforeItIsConsumed() {
        AtomicInteger taken = new AtomicInteger();
        Stream<Integer> stream = executor.map(
                Tasks::square, () -> Stream.generate(taken::getAndIncrement).iterator());
        assertThat(taken).hasValue(0);
        stream.close();
        assertThat(taken).hasValue(0);
    }

    @Test
    void takesNoMoreThanTheBufferHolds() {
        AtomicInteger taken = new AtomicInteger();
        try (Stream<Integer> squares = executor.map(
                Tasks::square,
                () -> Stream.generate(taken::getAndIncrement).iterator(),
                MapOptions.defaults().bufferSize(3))) {
            Iterator<Integer> results = squares.iterator();
            for (int delivered = 1; delivered <= 5; delivered++) {
                results.next();
                assertThat(taken.get()).isLessThanOrEqualTo(delivered + 3);
            }
        }
    }

    @Test
    void throwsWhatAnItemThrowsAtItsPlaceAndGoesOn() {
        List<Integer> items = IntStream.rangeClosed(1, 20).boxed().toList();
        Iterator<Integer> results =
                executor.map(Tasks::refuseMultiplesOfFive, items).iterator();
        List<String> seen = new ArrayList<>();
        while (seen.size() < items.size()) {
            try {
                seen.add("" + results.next());
            } catch (IllegalStateException e) {
                seen.add(e.getMessage());
            } catch (CompletionException e) {
                assertThat(e).hasCauseExactlyInstanceOf(IOException.class);
                seen.add(e.getCause().getMessage());
            }
        }
        assertThat(seen)
                .containsExactlyElementsOf(items.stream()
                        .map(item -> item % 5 == 0 ? "item " + item : "" + item)
                        .toList());
        assertThat(results.hasNext()).isFalse();
    }

    @Test
    void throwsAnErrorOfAnItemAsItIs() {
        assertThatThrownBy(() -> executor.map((Integer item) -> Tasks.throwError(), List.of(1))
                        .toList())
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("on purpose");
    }

    @Test
    void throwsWhatTheSourceThrowsBehindTheResultsBefore() {
        Iterable<Integer> source = () -> Stream.of(1, 2, 3)
                .map(item -> {
                    if (item == 3) {
                        throw new IllegalStateException("source");
                    }
                    return item;
                })
                .iterator();
        Iterator<Integer> results = executor.map(Tasks::square, source).iterator();
        assertThat(results.next()).isEqualTo(1);
        assertThat(results.next()).isEqualTo(4);
        assertThatThrownBy(results::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("source");
        assertThat(results.hasNext()).isFalse();
    }

    // ---- the end

    @Test
    void rejectsTasksAfterShutdown() throws Exception {
        PoolFuture<Integer> before = executor.submit(Tasks::answer);
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThatThrownBy(() -> executor.submit(Tasks::answer))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("procpool");
        assertThatThrownBy(() -> executor.execute(new Tasks.Fail(""))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> executor.map(Tasks::square, List.of(1)).toList())
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(valueOf(before)).isEqualTo(42);
        assertThat(executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void closesAfterTheWorkIsDone() {
        List<PoolFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            futures.add(executor.submit(Tasks::answer));
        }
        executor.close();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedWithValue(42));
        executor.close();
    }

    @Test
    void closesUnderAnInterruptOfBefore() throws Exception {
        PoolFuture<Integer> done = executor.submit(Tasks::answer);
        valueOf(done);
        Thread.currentThread().interrupt();
        executor.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(valueOf(done)).isEqualTo(42);
        Thread.currentThread().interrupt();
        executor.close(); // again, and there is nothing to wait for
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void awaitsTerminationAsAsked() throws Exception {
        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
        assertThat(executor.awaitTermination(Long.MIN_VALUE, TimeUnit.SECONDS)).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> executor.awaitTermination(Limits.LONG.toMillis(), TimeUnit.MILLISECONDS))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        executor.shutdown();
        assertThat(executor.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.shutdownNow()).isEmpty();
        assertThat(executor.isShutdown()).isTrue();
    }

    @Test
    void closesUnused() {
        executor.close();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.shutdownNow()).isEmpty();
    }
}
