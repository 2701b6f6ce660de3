package dev.procpool.soak;

import dev.procpool.SerializableCallable;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A task that always returns the same value, which is known beforehand; any executor can run it.
 *
 * @param task its number, from 0
 * @param deed what it does, for messages
 * @param code what is submitted
 * @param rightValue which value it has to return
 */
record Chore(int task, String deed, SerializableCallable<Object> code, Predicate<@Nullable Object> rightValue) {
    private static final int MOST_ROUNDS = 50_000;
    private static final int MOST_FEW_BYTES = 1 << 16;
    private static final int LARGE = 300_000;
    private static final int HUGE = 3_000_000;

    static Chore tiny(int task) {
        return new Chore(
                task,
                "tiny",
                () -> Work.tiny(task),
                value -> Integer.valueOf(~task).equals(value));
    }

    /** Mostly tiny; now and then some work, or some bytes to the task or from it. */
    static Chore any(int task, Random random) {
        int dice = random.nextInt(100);
        if (dice < 88) {
            return tiny(task);
        } else if (dice < 96) {
            return compute(task, random.nextInt(MOST_ROUNDS));
        }
        return bytes(task, random.nextInt(MOST_FEW_BYTES), random.nextBoolean());
    }

    /** 300 KB or 3 MB, to the task or from it. */
    static Chore big(int task, Random random) {
        return bytes(task, random.nextInt(4) == 0 ? HUGE : LARGE, random.nextBoolean());
    }

    private static Chore compute(int task, int rounds) {
        long expected = Deeds.Sums.mix(task, rounds);
        return new Chore(
                task,
                "compute",
                () -> Work.compute(task, rounds),
                value -> Long.valueOf(expected).equals(value));
    }

    private static Chore bytes(int task, int length, boolean fromTask) {
        byte[] bytes = Deeds.Sums.bytes(task, length);
        if (fromTask) {
            return new Chore(
                    task,
                    "receive " + length,
                    () -> Work.produce(task, length),
                    value -> value instanceof byte[] all && Arrays.equals(all, bytes));
        }
        long sum = Deeds.Sums.crc(bytes);
        return new Chore(
                task,
                "send " + length,
                () -> Work.digest(task, bytes),
                value -> Long.valueOf(sum).equals(value));
    }

    @Override
    public String toString() {
        return "task " + task + " (" + deed + ")";
    }

    /** What runs where the tasks run. In a worker of a chaos run it counts its start. */
    static final class Work {
        private static final boolean COUNTED = System.getenv(StartCounts.VARIABLE) != null;

        private Work() {}

        private static void start(int task) {
            if (COUNTED) {
                Deeds.start(task);
            }
        }

        static int tiny(int task) {
            start(task);
            return ~task;
        }

        static long compute(int task, int rounds) {
            start(task);
            return Deeds.Sums.mix(task, rounds);
        }

        static byte[] produce(int task, int length) {
            start(task);
            return Deeds.Sums.bytes(task, length);
        }

        static long digest(int task, byte[] bytes) {
            start(task);
            return Deeds.Sums.crc(bytes);
        }
    }
}
