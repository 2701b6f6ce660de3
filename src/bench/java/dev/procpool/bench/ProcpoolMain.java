package dev.procpool.bench;

import com.sun.management.ThreadMXBean;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.SerializableCallable;
import dev.procpool.SharedBytes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A process that measures what only procpool has, or how it behaves: {@code EFFORT FIGURE…}. */
final class ProcpoolMain {
    private static final int PAGE = 4096;
    private static final int CPU_JOBS = 12;
    private static final double CPU_JOB_SECONDS = 0.06;
    /** Two times within 3% of each other need more samples than others do. */
    private static final int CPU_ROUNDS = 3;

    private static final int MAP_ITEMS = 2_000_000;
    private static final long ARCHIVE_WAIT_MILLIS = 6_000;

    private final Sampler sampler;

    private ProcpoolMain(Sampler sampler) {
        this.sampler = sampler;
    }

    public static void main(String[] args) throws Exception {
        ProcpoolMain main = new ProcpoolMain(new Sampler(Effort.of(args[0])));
        for (int i = 1; i < args.length; i++) {
            main.measure(args[i]);
        }
        System.out.println(main.sampler.json());
    }

    private void measure(String figure) throws Exception {
        switch (figure) {
            case "map" -> map();
            case "payload" -> payload();
            case "shared" -> shared();
            case "start" -> start();
            case "cold" -> sampler.add("start.cold", millisToFirstResult());
            case "archive" -> makeArchive();
            case "cpu" -> cpuBound();
            case "idle" -> idle();
            case "stay" -> stay();
            case "memory" -> memory();
            case "alloc" -> allocation();
            case "recovery" -> recovery();
            case "recycle" -> recycle();
            case "steps" -> new Steps(sampler).measure();
            default -> throw new IllegalArgumentException("no figure " + figure);
        }
    }

    private void map() throws Exception {
        List<Integer> items = IntStream.range(0, MAP_ITEMS).boxed().toList();
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2)) {
            sampler.rate("map", 10_000, MAP_ITEMS, n -> {
                List<Integer> some = items.subList(0, n);
                long sum = pool.map(x -> x + 1, some).mapToLong(x -> x).sum();
                if (sum != LongStream.rangeClosed(1, some.size()).sum()) {
                    throw new IllegalStateException("wrong sum");
                }
            });
        }
    }

    private void payload() throws Exception {
        byte[] data = new byte[Work.LARGE];
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            sampler.throughput(
                    "payload.argument",
                    Work.LARGE,
                    () -> pool.submit(() -> data.length).get());
            for (int i = 0; i < sampler.effort().batches(); i++) {
                long bytes = allocatedBytes();
                pool.submit(() -> data.length).get();
                sampler.add("payload.extra", (allocatedBytes() - bytes) / 1e6);
            }
            pool.submit(() -> Work.prepare(Work.LARGE)).get();
            sampler.throughput(
                    "payload.result",
                    Work.LARGE,
                    () -> pool.submit(() -> Work.prepared()).get());
        }
    }

    /** How fast bytes are shared, and what a task pays that looks at a byte of each page of them. */
    private void shared() throws Exception {
        byte[] data = new byte[Work.LARGE];
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            sampler.throughput(
                    "shared.make", Work.LARGE, () -> pool.shareBytes(data).close());
            try (SharedBytes shared = pool.shareBytes(data)) {
                sampler.throughput(
                        "shared.read",
                        Work.LARGE,
                        () -> pool.submit(() -> touch(shared.buffer())).get());
            }
        }
    }

    private static int touch(ByteBuffer bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.capacity(); i += PAGE) {
            sum += bytes.get(i);
        }
        return sum;
    }

    /** The first pool of this JVM, then further ones in turn with a JVM that says hello. */
    private void start() throws Exception {
        sampler.add("start.first", millisToFirstResult());
        for (int i = 0; i < sampler.effort().batches(); i++) {
            sampler.add("hello", Sampler.seconds(() -> SpawnPeer.runToEnd(SpawnPeer.hello())) * 1e3);
            sampler.add("start.next", millisToFirstResult());
        }
    }

    private static double millisToFirstResult() throws Exception {
        long start = System.nanoTime();
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            pool.submit(() -> 1).get();
            return (System.nanoTime() - start) / 1e6;
        }
    }

    /** Measures nothing: a pool that lives for a while makes the archives that the next ones start from. */
    private static void makeArchive() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            pool.submit(() -> 1).get();
            TimeUnit.MILLISECONDS.sleep(ARCHIVE_WAIT_MILLIS);
        }
    }

    /** Long jobs on two workers and on two threads, in turn in one process: the two must be comparable within 3%. */
    private void cpuBound() throws Exception {
        long rounds = roundsOf(CPU_JOB_SECONDS);
        ForkJoinPool threads = new ForkJoinPool(2);
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2)) {
            Function<SerializableCallable<Long>, Future<Long>> onThreads = threads::submit;
            sampler.warmUp(() -> {
                secondsOfJobs(pool::submit, rounds);
                secondsOfJobs(onThreads, rounds);
            });
            for (int i = 0; i < CPU_ROUNDS * sampler.effort().batches(); i++) {
                sampler.add("cpu.procpool", secondsOfJobs(pool::submit, rounds) * 1e3);
                sampler.add("cpu.forkjoin", secondsOfJobs(onThreads, rounds) * 1e3);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static double secondsOfJobs(Function<SerializableCallable<Long>, Future<Long>> submit, long rounds)
            throws Exception {
        return Sampler.seconds(() -> {
            List<Future<Long>> futures = new ArrayList<>();
            for (int i = 0; i < CPU_JOBS; i++) {
                futures.add(submit.apply(() -> Work.spin(rounds)));
            }
            for (Future<Long> future : futures) {
                future.get();
            }
        });
    }

    private static long roundsOf(double seconds) throws Exception {
        long sample = 10_000_000;
        double fastest = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            fastest = Math.min(fastest, Sampler.seconds(() -> Work.spin(sample)));
        }
        return (long) (sample * seconds / fastest);
    }

    /**
     * The CPU that a JVM uses whose pool has worked and has nothing to do now, its workers included, beside that of a JVM
     * that just sleeps: in percent of a core. Both are watched from here, so that watching is no part of it.
     */
    private void idle() throws Exception {
        double seconds = sampler.effort().isQuick() ? 3 : 10;
        String classPath = System.getProperty("java.class.path");
        Process sleeper = SpawnPeer.hello("stay").start();
        Process idler = new ProcessBuilder(
                        SpawnPeer.java(), "-cp", classPath, ProcpoolMain.class.getName(), "quick", "stay")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (idler.getInputStream().read() < 0) {
                throw new IOException("the idle pool ended");
            }
            TimeUnit.SECONDS.sleep(5); // the JVMs' own compilers come to rest, archives are made
            double idlerBefore = Proc.cpuOfTree(idler);
            double sleeperBefore = Proc.cpuOfTree(sleeper);
            TimeUnit.MILLISECONDS.sleep((long) (seconds * 1e3));
            double all = Proc.cpuOfTree(idler) - idlerBefore;
            double alone = Proc.cpuOfTree(sleeper) - sleeperBefore;
            sampler.add("idle.all", all / seconds * 100);
            sampler.add("idle.jvm", alone / seconds * 100);
            sampler.add("idle", (all - alone) / seconds * 100);
        } finally {
            for (Process process : List.of(sleeper, idler)) {
                process.destroy();
                process.waitFor();
            }
        }
    }

    /** Is the other JVM of {@link #idle}: says when its pool has worked, and stays until it is ended. */
    private void stay() throws Exception {
        try (Peer peer = new ProcpoolPeer(2)) {
            sampler.warmUp(() -> PeerMain.runAll(peer, 1000));
            System.out.println("idle");
            System.in.read();
        }
    }

    /** What an idle worker holds, and a JVM that has said hello. */
    private void memory() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
                pool.submit(() -> 1).get();
                long pid = pool.workers().get(0).pid();
                sampler.add("memory.worker", Proc.residentMegabytes(pid));
                sampler.add("memory.worker.pss", Proc.proportionalMegabytes(pid));
            }
            Process hello = SpawnPeer.hello("stay").start();
            if (hello.getInputStream().read() < 0) {
                throw new IOException("no hello");
            }
            sampler.add("memory.hello", Proc.residentMegabytes(hello.pid()));
            sampler.add("memory.hello.pss", Proc.proportionalMegabytes(hello.pid()));
            hello.destroy();
            hello.waitFor();
        }
    }

    /** What this JVM pays for a task that does nothing: bytes allocated, context switches. */
    private void allocation() throws Exception {
        try (Peer peer = new ProcpoolPeer(2)) {
            int n = sampler.warmedUpSize(1, Sampler.LARGEST_BATCH, size -> PeerMain.runAll(peer, size));
            for (int i = 0; i < sampler.effort().batches(); i++) {
                Map<String, Long> voluntary = Proc.switches(Proc.VOLUNTARY);
                Map<String, Long> involuntary = Proc.switches(Proc.INVOLUNTARY);
                long bytes = allocatedBytes();
                PeerMain.runAll(peer, n);
                sampler.add("alloc", (allocatedBytes() - bytes) / (double) n);
                long slept = Proc.between(voluntary, Proc.switches(Proc.VOLUNTARY));
                long preempted = Proc.between(involuntary, Proc.switches(Proc.INVOLUNTARY));
                sampler.add("switches.voluntary", slept * 1e3 / n);
                sampler.add("switches.involuntary", preempted * 1e3 / n);
            }
        }
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** A worker dies by SIGKILL; how long the next task waits for its result, against a pool that starts. */
    private void recovery() throws Exception {
        millisToFirstResult();
        for (int i = 0; i < sampler.effort().batches(); i++) {
            sampler.add("recovery.start", millisToFirstResult());
            try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
                ProcessHandle worker =
                        ProcessHandle.of(pool.submit(() -> Proc.pid()).get()).orElseThrow();
                long start = System.nanoTime();
                worker.destroyForcibly();
                worker.onExit().get();
                pool.submit(() -> 1).get();
                sampler.add("recovery", (System.nanoTime() - start) / 1e6);
            }
        }
    }

    /** Tasks in a second when every worker does only one. */
    private void recycle() throws Exception {
        try (ProcessPoolExecutor pool =
                ProcessPoolExecutor.builder().workers(2).maxTasksPerWorker(1).build()) {
            sampler.rate("recycle", n -> {
                List<Future<Integer>> futures = new ArrayList<>();
                for (int i = 0; i < n; i++) {
                    futures.add(pool.submit(() -> 1));
                }
                for (Future<Integer> future : futures) {
                    future.get();
                }
            });
        }
    }
}
