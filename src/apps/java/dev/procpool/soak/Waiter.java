package dev.procpool.soak;

import dev.procpool.Futures;
import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One thread's share of {@link ConcurrentUse}: submits tasks, waits for them in one way after the other, judges each. */
final class Waiter implements Runnable {
    private static final int LONGEST_TIMEOUT_MICROS = 2_000;
    private static final int ANY_OF = 3;
    private static final int BIG_ONE_IN = 10;
    private static final int KILL_ONE_IN = 25;
    private static final int LATEST_CANCEL_NANOS = 300_000;

    private final TaskExecutor executor;
    private final Judge judge;
    private final IntSupplier numbers;
    private final int batch;
    private final Random random;
    private final Iterator<Way> ways;

    private volatile long progressAt = System.nanoTime();
    /** Made into words only when somebody asks. */
    private volatile Object doing = "nothing yet";

    private volatile boolean over;

    /**
     * A waiter.
     *
     * @param numbers gives the number of the next task, or -1 if there are enough
     * @param batch how many tasks it submits in one way before it goes on to the next
     * @param ways what it does, made from its own source of random numbers
     */
    Waiter(
            TaskExecutor executor,
            Judge judge,
            IntSupplier numbers,
            int batch,
            Random random,
            Function<Random, Iterator<Way>> ways) {
        this.executor = executor;
        this.judge = judge;
        this.numbers = numbers;
        this.batch = batch;
        this.random = random;
        this.ways = ways.apply(random);
    }

    @Override
    public void run() {
        try {
            while (ways.hasNext()) {
                Way way = ways.next();
                doing = way;
                use(way);
                madeProgress();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the watchdog has told of it
        } finally {
            over = true;
        }
    }

    // ---- for the watchdog

    boolean isOver() {
        return over;
    }

    long nanosWithoutProgress() {
        return System.nanoTime() - progressAt;
    }

    /** What it waits for. */
    String doing() {
        return doing.toString();
    }

    private void madeProgress() {
        progressAt = System.nanoTime();
    }

    // ---- the ways

    private void use(Way way) throws InterruptedException {
        switch (way) {
            case GET -> oneByOne(Future::get);
            case GET_WITH_TIMEOUT -> oneByOne(this::getWithTimeouts);
            case JOIN -> oneByOne(PoolFuture::join);
            case CALLBACK -> callbacks();
            case CALLBACK_THAT_JOINS -> callbacksThatJoin();
            case BURST -> burst();
            case INVOKE_ALL -> invokeAll();
            case INVOKE_ANY -> invokeAny();
            case MAP -> map();
            case UNORDERED_MAP -> unorderedMap();
            case AS_COMPLETED -> asCompleted();
            case BIG_AND_TINY -> bigAndTiny();
            case CANCEL -> cancel();
        }
    }

    private void oneByOne(Wait wait) throws InterruptedException {
        for (Chore chore : chores(batch)) {
            settle(chore, executor.submit(chore.code()), wait);
        }
    }

    private @Nullable Object getWithTimeouts(PoolFuture<Object> future)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return future.get(random.nextInt(LONGEST_TIMEOUT_MICROS), TimeUnit.MICROSECONDS);
            } catch (TimeoutException e) {
                doing = List.of("get with a time-out, again", future);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a callback that fails leaves a hole in the books
    private void callbacks() throws InterruptedException {
        List<Chore> chores = chores(batch);
        CountDownLatch called = new CountDownLatch(chores.size());
        for (Chore chore : chores) {
            executor.submit(chore.code()).whenComplete((value, failure) -> {
                try {
                    settle(chore, value, failure);
                } finally {
                    called.countDown();
                }
            });
        }
        doing = List.of("callbacks", chores);
        called.await();
    }

    private void callbacksThatJoin() throws InterruptedException {
        List<Chore> chores = chores(batch);
        for (int i = 0; i + 1 < chores.size(); i += 2) {
            Chore first = chores.get(i);
            Chore next = chores.get(i + 1);
            PoolFuture<Object> firstFuture = executor.submit(first.code());
            PoolFuture<Object> nextFuture = executor.submit(next.code());
            CompletableFuture<Void> both = firstFuture.handle((value, failure) -> {
                settle(first, value, failure);
                settleByJoin(next, nextFuture);
                return null;
            });
            doing = List.of("callback that joins the next future", first, firstFuture, next, nextFuture);
            try {
                both.get();
            } catch (ExecutionException e) {
                judge.ledger().wrong("a callback of " + first + " failed: " + e.getCause());
            }
        }
        if (chores.size() % 2 > 0) {
            Chore last = chores.get(chores.size() - 1);
            settle(last, executor.submit(last.code()), Future::get);
        }
    }

    private void settleByJoin(Chore chore, PoolFuture<Object> future) {
        try {
            settle(chore, future.join(), null);
        } catch (CompletionException | CancellationException e) {
            settle(chore, null, e);
        }
    }

    private void burst() throws InterruptedException {
        Map<PoolFuture<Object>, Chore> submitted = submit(chores(batch));
        if (random.nextBoolean()) {
            CompletableFuture<?>[] all = submitted.keySet().toArray(CompletableFuture<?>[]::new);
            doing = List.of("all of them", submitted);
            try {
                CompletableFuture.allOf(all).get();
            } catch (ExecutionException | CancellationException e) {
                madeProgress(); // whose fault it is, each of them tells
            }
        }
        for (Map.Entry<PoolFuture<Object>, Chore> each : submitted.entrySet()) {
            settle(each.getValue(), each.getKey(), Future::get);
        }
    }

    private void invokeAll() throws InterruptedException {
        List<Chore> chores = chores(batch);
        doing = List.of("invokeAll", chores);
        List<Future<Object>> futures =
                executor.invokeAll(chores.stream().map(Chore::code).toList());
        for (int i = 0; i < chores.size(); i++) {
            Future<Object> future = futures.get(i);
            if (!future.isDone()) {
                judge.ledger().wrong("invokeAll returned, but " + chores.get(i) + " is not done: " + future);
            }
            settle(chores.get(i), (PoolFuture<Object>) future, Future::get);
        }
    }

    /** One of them returns its value; the others are cancelled, or were never submitted. */
    private void invokeAny() throws InterruptedException {
        for (int i = 0; i <= batch / 50; i++) {
            List<Chore> chores = chores(ANY_OF);
            if (chores.isEmpty()) {
                return;
            }
            doing = List.of("invokeAny", chores);
            Chore winner = chores.get(0);
            try {
                Object value =
                        executor.invokeAny(chores.stream().map(Chore::code).toList());
                winner = chores.stream()
                        .filter(chore -> chore.rightValue().test(value))
                        .findFirst()
                        .orElse(winner);
                settle(winner, value, null);
            } catch (ExecutionException e) {
                settle(winner, null, e);
            }
            chores.stream().skip(1).forEach(other -> judge.ledger().cancelled());
        }
    }

    private void map() {
        List<Integer> tasks = numbers(2 * batch);
        MapOptions options = random.nextBoolean()
                ? MapOptions.defaults()
                : MapOptions.defaults().chunkSize(1 + random.nextInt(batch));
        try (Stream<Integer> results = executor.map(Chore.Work::tiny, tasks, options)) {
            Iterator<Integer> iterator = results.iterator();
            for (int task : tasks) {
                Chore item = Chore.tiny(task);
                doing = List.of("map", tasks, "at", task);
                try {
                    settle(item, iterator.next(), null);
                } catch (RuntimeException e) {
                    settle(item, null, e);
                }
            }
            if (iterator.hasNext()) {
                judge.ledger().wrong("map of " + tasks + " returned more: " + iterator.next());
            }
        }
    }

    private void unorderedMap() {
        Set<Integer> open = new HashSet<>(numbers(2 * batch));
        String name = "unordered map of " + open;
        doing = name;
        int items = open.size();
        int failed = 0;
        try (Stream<Integer> results = executor.map(
                Chore.Work::tiny, List.copyOf(open), MapOptions.defaults().unordered())) {
            Iterator<Integer> iterator = results.iterator();
            for (int i = 0; i < items; i++) {
                try {
                    Integer value = iterator.next();
                    if (open.remove(~value)) {
                        settle(Chore.tiny(~value), value, null);
                    } else {
                        judge.ledger().wrong(name + " returned " + value + " uncalled for");
                    }
                } catch (RuntimeException e) {
                    failed++;
                    judge.failure(name, e, Errand.NEVER_FAILS);
                }
            }
            if (iterator.hasNext() || open.size() != failed) {
                judge.ledger().lost(name + ": no results of " + open + ", " + failed + " failed");
            }
        }
    }

    private void asCompleted() throws InterruptedException {
        Map<PoolFuture<Object>, Chore> open = submit(chores(batch));
        List<PoolFuture<Object>> futures = List.copyOf(open.keySet());
        doing = List.of("asCompleted", futures);
        for (PoolFuture<Object> future : Futures.asCompleted(futures)) {
            Chore chore = open.remove(future);
            if (chore == null || !future.isDone()) {
                judge.ledger().wrong("asCompleted gave " + future + " of " + chore);
            } else {
                settle(chore, future, Future::get);
            }
        }
        if (!open.isEmpty()) {
            judge.ledger().lost("asCompleted ended without " + open);
        }
    }

    private void bigAndTiny() throws InterruptedException {
        Map<PoolFuture<Object>, Chore> submitted = new LinkedHashMap<>();
        for (int task : numbers(batch)) {
            Chore chore = random.nextInt(BIG_ONE_IN) == 0 ? Chore.big(task, random) : Chore.tiny(task);
            if (random.nextBoolean()) {
                settle(chore, executor.submit(chore.code()), Future::get);
            } else {
                submitted.put(executor.submit(chore.code()), chore);
            }
        }
        for (Map.Entry<PoolFuture<Object>, Chore> each : submitted.entrySet()) {
            settle(each.getValue(), each.getKey(), Future::get);
        }
    }

    private void cancel() throws InterruptedException {
        for (Chore chore : chores(batch)) {
            PoolFuture<Object> future = executor.submit(chore.code());
            spin(random.nextInt(LATEST_CANCEL_NANOS));
            boolean cancelled = future.cancel(random.nextInt(KILL_ONE_IN) == 0);
            if (!cancelled) {
                settle(chore, future, Future::get);
            } else if (future.isCancelled()) {
                judge.ledger().cancelled();
            } else {
                judge.ledger().wrong(chore + " said it was cancelled, but is not: " + future);
            }
            madeProgress();
        }
    }

    private static void spin(int nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    // ---- tasks and their outcomes

    private List<Integer> numbers(int most) {
        return IntStream.generate(numbers)
                .limit(most)
                .takeWhile(task -> task >= 0)
                .boxed()
                .toList();
    }

    private List<Chore> chores(int most) {
        return numbers(most).stream().map(task -> Chore.any(task, random)).toList();
    }

    /** In the order of submission. */
    private Map<PoolFuture<Object>, Chore> submit(List<Chore> chores) {
        Map<PoolFuture<Object>, Chore> submitted = new LinkedHashMap<>();
        for (Chore chore : chores) {
            submitted.put(executor.submit(chore.code()), chore);
        }
        return submitted;
    }

    /** How to wait for a future. */
    private interface Wait {
        @Nullable Object result(PoolFuture<Object> future) throws InterruptedException, ExecutionException;
    }

    private void settle(Chore chore, PoolFuture<Object> future, Wait wait) throws InterruptedException {
        doing = List.of(chore, future);
        try {
            settle(chore, wait.result(future), null);
        } catch (ExecutionException | CompletionException | CancellationException e) {
            settle(chore, null, e);
        }
    }

    private void settle(Chore chore, @Nullable Object value, @Nullable Throwable failure) {
        madeProgress();
        if (failure instanceof CancellationException) {
            judge.cancelledByNobody(chore.toString());
        } else if (failure != null) {
            boolean wrapped = failure instanceof ExecutionException || failure instanceof CompletionException;
            Throwable cause = wrapped ? failure.getCause() : null;
            judge.failure(chore.toString(), cause == null ? failure : cause, Errand.NEVER_FAILS);
        } else {
            judge.value(chore.task(), chore.toString(), value, chore.rightValue());
        }
    }
}
