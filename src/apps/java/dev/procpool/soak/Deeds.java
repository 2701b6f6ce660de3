package dev.procpool.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/** What the tasks of a chaos run do, in a worker. Each counts its start first. */
final class Deeds {
    static final int HALT_CODE = 77;

    private static final StartCounts STARTS = StartCounts.ofThisRun();

    private Deeds() {}

    /** An exception that a task throws on purpose. */
    static final class Intended extends RuntimeException {
        final int task;

        Intended(int task) {
            super("task " + task + " throws this on purpose");
            this.task = task;
        }
    }

    /** Loads what all tasks need, so that a fresh worker's first task is as quick as the others. */
    static void warmUp() {
        STARTS.of(0);
    }

    /** Counts a start. */
    static void start(int task) {
        STARTS.add(task);
    }

    static int tiny(int task) {
        STARTS.add(task);
        return ~task;
    }

    static long compute(int task, int rounds) {
        STARTS.add(task);
        return Sums.mix(task, rounds);
    }

    static long digest(int task, byte[] bytes) {
        STARTS.add(task);
        return Sums.crc(bytes);
    }

    static byte[] produce(int task, int length) {
        STARTS.add(task);
        return Sums.bytes(task, length);
    }

    static byte[] echo(int task, byte[] bytes) {
        STARTS.add(task);
        return bytes;
    }

    static int fail(int task) {
        STARTS.add(task);
        throw new Intended(task);
    }

    static int print(int task, int lines) {
        STARTS.add(task);
        for (int i = 0; i < lines; i++) {
            System.out.println(PrintedLines.line(task, i));
        }
        return ~task;
    }

    static int halt(int task) {
        STARTS.add(task);
        Runtime.getRuntime().halt(HALT_CODE);
        return 0;
    }

    static int exit(int task) {
        STARTS.add(task);
        System.exit(0);
        return 0;
    }

    static int killSelf(int task) throws IOException {
        STARTS.add(task);
        new ProcessBuilder("/bin/sh", "-c", "kill -9 $PPID").start();
        return loopForEver();
    }

    /** Leaves a process behind that the system no longer counts among the worker's descendants. */
    static int leaveDaemon(int task) throws IOException, InterruptedException {
        STARTS.add(task);
        new ProcessBuilder("/bin/sh", "-c", "sleep 60 > /dev/null 2>&1 &")
                .start()
                .waitFor();
        return ~task;
    }

    /** Never ends, whatever one does about it from inside this JVM. */
    static int hang(int task) {
        STARTS.add(task);
        return loopForEver();
    }

    @SuppressWarnings({"ThreadPriorityCheck", "InfiniteLoopStatement"})
    private static int loopForEver() {
        while (true) {
            try {
                Thread.yield();
                if (Thread.interrupted()) {
                    throw new InterruptedException("not me");
                }
            } catch (Throwable thrown) {
                Thread.onSpinWait(); // the point of this task: nothing that is thrown at it ends it
            }
        }
    }

    static int exhaustMemory(int task) {
        STARTS.add(task);
        List<byte[]> hoard = new ArrayList<>();
        while (hoard.size() < SoakPlan.WORKER_HEAP) {
            hoard.add(new byte[1 << 20]);
        }
        return hoard.size();
    }

    /** What both sides compute, to compare. */
    static final class Sums {
        private Sums() {}

        static long mix(int seed, int rounds) {
            long value = seed;
            for (int i = 0; i < rounds; i++) {
                value = (value ^ value >>> 29) * 0x9E37_79B9_7F4A_7C15L + i;
            }
            return value;
        }

        static long crc(byte[] bytes) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return crc.getValue();
        }

        static byte[] bytes(int seed, int length) {
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            return bytes;
        }
    }
}
