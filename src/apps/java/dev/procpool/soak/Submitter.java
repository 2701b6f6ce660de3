package dev.procpool.soak;

import dev.procpool.MapOptions;
import dev.procpool.PoolFuture;
import dev.procpool.SerializableCallable;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerCrashedException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One thread's share of a chaos run: submits tasks of random kinds, and has the oldest of its tasks judged meanwhile. */
final class Submitter implements Runnable {
    private static final int TINY_PENDING = 8192;
    private static final int PENDING = 64;
    private static final int FLOOD = 2000;
    private static final int MAP_ITEMS = 300;
    private static final Duration HANG = Duration.ofMillis(200);
    /** How long a task that should fail by itself within moments may take over it. */
    private static final Duration SAFETY = Duration.ofSeconds(30);

    private final Soak soak;
    private final SoakPlan plan;
    private final Random random;
    private final ArrayDeque<Errand> pending = new ArrayDeque<>();

    Submitter(Soak soak, SoakPlan plan, int number) {
        this.soak = soak;
        this.plan = plan;
        this.random = new Random(plan.seed() * 31 + number);
    }

    @Override
    public void run() {
        int most = plan.isTiny() ? TINY_PENDING : PENDING;
        while (soak.goesOn()) {
            if (plan.isTiny()) {
                submitTiny();
            } else {
                submitAny(random.nextInt(1000));
            }
            while (pending.size() > most) {
                soak.settle(pending.remove());
            }
        }
        while (!pending.isEmpty()) {
            soak.settle(pending.remove());
        }
    }

    private void submitTiny() {
        int task = soak.nextTask();
        if (task >= 0) {
            add(task, "tiny", TaskOptions.defaults().retries(plan.retries()), () -> Deeds.tiny(task), is(~task));
        }
    }

    /** One task of a random kind; {@code dice} is from 0 to 999. */
    private void submitAny(int dice) {
        if (dice < 8) {
            map();
            return;
        } else if (dice == 8) {
            flood();
            return;
        }
        int task = soak.nextTask();
        if (task < 0) {
            return;
        }
        if (dice < 200) {
            int rounds = random.nextInt(200_000);
            long expected = Deeds.Sums.mix(task, rounds);
            add(task, "compute", () -> Deeds.compute(task, rounds), is(expected));
        } else if (dice < 280) {
            sendAndReceive(task, dice);
        } else if (dice < 360) {
            fails(task, "throw", () -> Deeds.fail(task), e -> e instanceof Deeds.Intended own && own.task == task);
        } else if (dice < 400) {
            int lines = 1 + random.nextInt(20);
            add(
                    task,
                    "print",
                    () -> Deeds.print(task, lines),
                    value -> soak.expectLines(task, lines) && value.equals(~task));
        } else if (dice < 440) {
            cancelled(task, random.nextInt(3) == 0);
        } else if (dice < 448) {
            destructive(task, dice);
        } else {
            Errand errand = add(task, "noop", () -> Deeds.tiny(task), is(~task));
            if (dice < 600) {
                soak.expectCallback(errand.future());
            }
        }
    }

    /** Bytes to the worker, from it, or both; mostly few, now and then megabytes. */
    private void sendAndReceive(int task, int dice) {
        int length = random.nextInt(1 << (1 + random.nextInt(23)));
        byte[] bytes = dice < 240 ? new byte[0] : Deeds.Sums.bytes(task, length);
        if (dice < 240) {
            long sum = Deeds.Sums.crc(Deeds.Sums.bytes(task, length));
            add(
                    task,
                    "receive " + length,
                    () -> Deeds.produce(task, length),
                    value -> value instanceof byte[] all && all.length == length && Deeds.Sums.crc(all) == sum);
        } else if (dice < 260) {
            long sum = Deeds.Sums.crc(bytes);
            add(task, "send " + length, () -> Deeds.digest(task, bytes), is(sum));
        } else {
            add(
                    task,
                    "echo " + length,
                    () -> Deeds.echo(task, bytes),
                    value -> value instanceof byte[] all && Arrays.equals(all, bytes));
        }
    }

    private void destructive(int task, int dice) {
        switch (dice) {
            case 440, 441 -> fails(task, "halt", () -> Deeds.halt(task), exitedWith(Deeds.HALT_CODE));
            case 442 -> fails(task, "exit", () -> Deeds.exit(task), exitedWith(0));
            case 443 -> fails(task, "kill itself", () -> Deeds.killSelf(task), crashed(Reason.SIGNAL));
            case 444 ->
                fails(
                        task,
                        "exhaust memory",
                        () -> Deeds.exhaustMemory(task),
                        failure -> failure instanceof OutOfMemoryError
                                || crashed(Reason.OUT_OF_MEMORY).test(failure));
            case 445 -> add(task, "leave a daemon", () -> Deeds.leaveDaemon(task), is(~task));
            default ->
                submit(
                        task,
                        "hang",
                        TaskOptions.defaults().timeout(HANG),
                        () -> Deeds.hang(task),
                        Errand.NEVER_RETURNS,
                        e -> e instanceof TaskTimeoutException late
                                && late.timeout().equals(HANG),
                        false);
        }
    }

    /** A task that somebody cancels: one that never ends by itself, or one that may be faster. */
    private void cancelled(int task, boolean endless) {
        TaskOptions options = TaskOptions.defaults().timeout(SAFETY);
        Errand errand = endless
                ? submit(
                        task,
                        "hang, cancelled",
                        options,
                        () -> Deeds.hang(task),
                        Errand.NEVER_RETURNS,
                        Errand.NEVER_FAILS,
                        true)
                : submit(task, "noop, cancelled", options, () -> Deeds.tiny(task), is(~task), Errand.NEVER_FAILS, true);
        soak.cancelLater(errand, endless || random.nextBoolean(), random.nextInt(100));
    }

    /** So many tiny tasks at once that every window and the waiting line fill up. */
    private void flood() {
        for (int i = 0; i < FLOOD; i++) {
            int task = soak.nextTask();
            if (task < 0) {
                return;
            }
            add(task, "flood", () -> Deeds.tiny(task), is(~task));
        }
    }

    /** A stream of items, of which one may take its worker with it: the others must not notice. */
    private void map() {
        List<Integer> tasks = IntStream.range(0, MAP_ITEMS)
                .map(i -> soak.nextTask())
                .filter(task -> task >= 0)
                .boxed()
                .toList();
        int fatal = random.nextInt(4) > 0 || tasks.isEmpty() ? -1 : tasks.get(random.nextInt(tasks.size()));
        MapOptions options = random.nextBoolean()
                ? MapOptions.defaults()
                : MapOptions.defaults().chunkSize(17);
        try (Stream<Integer> results =
                soak.pool().map(task -> task == fatal ? Deeds.halt(task) : Deeds.tiny(task), tasks, options)) {
            Iterator<Integer> iterator = results.iterator();
            for (int task : tasks) {
                String name = "task " + task + (task == fatal ? " (item that halts)" : " (item)");
                try {
                    soak.judge().value(task, name, iterator.next(), task == fatal ? Errand.NEVER_RETURNS : is(~task));
                } catch (RuntimeException e) {
                    soak.judge().failure(name, e, task == fatal ? exitedWith(Deeds.HALT_CODE) : Errand.NEVER_FAILS);
                }
            }
        }
    }

    private void fails(int task, String deed, SerializableCallable<?> code, Predicate<Throwable> rightFailure) {
        submit(task, deed, TaskOptions.defaults(), code, Errand.NEVER_RETURNS, rightFailure, false);
    }

    private Errand add(int task, String deed, SerializableCallable<?> code, Predicate<@Nullable Object> rightValue) {
        return add(task, deed, TaskOptions.defaults(), code, rightValue);
    }

    private Errand add(
            int task,
            String deed,
            TaskOptions options,
            SerializableCallable<?> code,
            Predicate<@Nullable Object> rightValue) {
        return submit(task, deed, options, code, rightValue, Errand.NEVER_FAILS, false);
    }

    private Errand submit(
            int task,
            String deed,
            TaskOptions options,
            SerializableCallable<?> code,
            Predicate<@Nullable Object> rightValue,
            Predicate<Throwable> rightFailure,
            boolean mayBeCancelled) {
        PoolFuture<?> future = soak.pool().with(options).submit(code);
        Errand errand = new Errand(task, deed, future, rightValue, rightFailure, mayBeCancelled);
        pending.add(errand);
        return errand;
    }

    private static Predicate<@Nullable Object> is(Object expected) {
        return expected::equals;
    }

    private static Predicate<Throwable> crashed(Reason reason) {
        return failure -> failure instanceof WorkerCrashedException crash && crash.reason() == reason;
    }

    private static Predicate<Throwable> exitedWith(int code) {
        return crashed(Reason.EXIT)
                .and(failure -> ((WorkerCrashedException) failure).exitCode().orElse(-1) == code);
    }
}
