package dev.procpool.lab.bench;

import dev.procpool.lab.bench.Figure.Row;
import java.util.List;

/** What is compared with what, and what is demanded. */
final class Catalogue {
    private static final String OURS = "procpool";

    static final List<Figure> FIGURES = List.of(
            Figure.more(
                    "submit, all futures awaited, noop, 2 workers",
                    "tasks/s",
                    new Row(OURS, "noop/procpool"),
                    new Row("CPython", "noop/cpython"),
                    new Row("PP4J 2.2", "noop/pp4j"),
                    new Row("Hazelcast 5.7", "noop/hazelcast"),
                    new Row("a JVM for each task", "noop/spawn"),
                    new Row("ForkJoinPool", "noop/forkjoin")),
            Figure.less(
                    "submit().get(), 1 worker, median",
                    "µs",
                    new Row(OURS, "latency/procpool"),
                    new Row("C pipes, placed by the kernel", "latency/c"),
                    new Row("C pipes, a core each", "apart/c"),
                    new Row("CPython", "latency/cpython"),
                    new Row("PP4J 2.2", "latency/pp4j"),
                    new Row("Hazelcast 5.7", "latency/hazelcast"),
                    new Row("a JVM for each task", "latency/spawn"),
                    new Row("ForkJoinPool", "latency/forkjoin")),
            Figure.less(
                    "submit().get(), 1 worker, 99th percentile",
                    "µs",
                    new Row(OURS, "latency.p99/procpool"),
                    new Row("C pipes, placed by the kernel", "latency.p99/c"),
                    new Row("C pipes, a core each", "apart.p99/c"),
                    new Row("CPython", "latency.p99/cpython"),
                    new Row("PP4J 2.2", "latency.p99/pp4j"),
                    new Row("Hazelcast 5.7", "latency.p99/hazelcast"),
                    new Row("ForkJoinPool", "latency.p99/forkjoin")),
            Figure.more(
                    "map, default options (CPython: chunksize=1000), 2 workers",
                    "items/s",
                    new Row(OURS, "map/procpool"),
                    new Row("CPython", "map/cpython")),
            Figure.more(
                    "64 MiB of bytes as argument",
                    "GB/s",
                    new Row(OURS, "payload.argument/procpool"),
                    new Row("CPython", "payload.argument/cpython"),
                    new Row("C pipe", "pipe/c")),
            Figure.less(
                    "allocated in the parent for 64 MiB of bytes as argument",
                    "MB",
                    new Row(OURS, "payload.extra/procpool")),
            Figure.more(
                    "64 MiB of bytes as result",
                    "GB/s",
                    new Row(OURS, "payload.result/procpool"),
                    new Row("CPython", "payload.result/cpython"),
                    new Row("C pipe", "pipe/c")),
            Figure.more(
                    "64 MiB as SharedBytes, a task that looks at each page",
                    "GB/s",
                    new Row(OURS, "shared.read/procpool"),
                    new Row("procpool, as argument", "payload.argument/procpool")),
            Figure.more("64 MiB as SharedBytes, made and freed", "GB/s", new Row(OURS, "shared.make/procpool")),
            Figure.less(
                    "create(1) to first result",
                    "ms",
                    new Row("procpool, in a running JVM", "start.next/procpool"),
                    new Row("procpool, in a fresh JVM", "start.first/procpool"),
                    new Row("procpool, in a fresh JVM, no archives", "start.cold/procpool"),
                    new Row("java Hello", "hello/procpool")),
            Figure.less(
                    "arcfour-futures 4, whole command (CPython: RC4 in pure Python)",
                    "s",
                    new Row(OURS, "arcfour/procpool"),
                    new Row("CPython", "arcfour/cpython")),
            Figure.less(
                    "SHA-256 of 200 files of mixed size, 2 workers, whole command",
                    "s",
                    new Row("bin/sha-futures 2 DIR", "sha.mixed/procpool"),
                    new Row("find | xargs -P2 sha256sum", "sha.mixed/xargs")),
            Figure.less(
                    "SHA-256 of many small files, 2 workers, whole command",
                    "s",
                    new Row("bin/sha-futures 2 DIR", "sha.small/procpool"),
                    new Row("find | xargs -P2 sha256sum", "sha.small/xargs")),
            Figure.less(
                    "12 CPU-bound jobs of 60 ms, 2 workers",
                    "ms",
                    new Row(OURS, "cpu.procpool/procpool"),
                    new Row("ForkJoinPool", "cpu.forkjoin/procpool")),
            Figure.less(
                    "CPU that an idle pool of 2 uses",
                    "% of a core",
                    new Row("what the pool adds", "idle/procpool"),
                    new Row("its three JVMs together", "idle.all/procpool"),
                    new Row("a JVM that sleeps", "idle.jvm/procpool")),
            Figure.less(
                    "memory of an idle worker, resident",
                    "MB",
                    new Row(OURS, "memory.worker/procpool"),
                    new Row("java Hello", "memory.hello/procpool")),
            Figure.less(
                    "memory of an idle worker, shared pages divided (PSS)",
                    "MB",
                    new Row(OURS, "memory.worker.pss/procpool"),
                    new Row("java Hello", "memory.hello.pss/procpool")),
            Figure.less("allocated in the parent for a noop task", "bytes", new Row(OURS, "alloc/procpool")),
            Figure.less(
                    "voluntary context switches in the parent for 1,000 noop tasks",
                    "switches",
                    new Row(OURS, "switches.voluntary/procpool")),
            Figure.less(
                    "involuntary context switches in the parent for 1,000 noop tasks",
                    "switches",
                    new Row(OURS, "switches.involuntary/procpool")),
            Figure.less(
                    "kill -9 of the worker to the next task's result",
                    "ms",
                    new Row(OURS, "recovery/procpool"),
                    new Row("create(1) to first result", "recovery.start/procpool")),
            Figure.more(
                    "noop, a new worker for each task (maxTasksPerWorker(1)), 2 workers",
                    "tasks/s",
                    new Row(OURS, "recycle/procpool"),
                    new Row("a JVM for each task", "noop/spawn")),
            Figure.more(
                    "what lambda shapes buy: submit, all futures awaited, noop, 2 workers",
                    "tasks/s",
                    new Row("a lambda: a number and what it captures", "steps.task.lambda/procpool"),
                    new Row("an object: Java serialization", "steps.task.object/procpool")),
            Figure.more(
                    "what chunks buy: map, 2 workers",
                    "items/s",
                    new Row("adaptive chunks", "steps.map.chunks/procpool"),
                    new Row("each item on its own", "steps.map.single/procpool")),
            Figure.less(
                    "what spinning buys: a round trip, 1 worker, median",
                    "µs",
                    new Row("both sides look for the answer", "steps.trip.awake/procpool"),
                    new Row("the parent waits for a callback", "steps.trip.callback/procpool"),
                    new Row("the child has gone to sleep", "steps.trip.child-asleep/procpool")),
            Figure.more(
                    "what copying from where it lies buys: 64 MiB as argument",
                    "GB/s",
                    new Row("an array", "steps.argument.array/procpool"),
                    new Row("a list that holds it: serialised", "steps.argument.object/procpool")));

    static final List<Demand> DEMANDS = List.of(
            Demand.atLeast(50, "submit, against CPython", "noop/procpool", "noop/cpython"),
            Demand.atLeast(80, "submit, against PP4J", "noop/procpool", "noop/pp4j"),
            Demand.atMost(0.6, "submit().get(), against C pipes", "latency/procpool", "latency/c"),
            Demand.atMost(0.6, "submit().get(), against C pipes on two cores", "latency/procpool", "apart/c"),
            Demand.noMore(0.5, "% of a core", "CPU that an idle pool adds to a JVM", "idle/procpool"),
            Demand.atLeast(2.5, "map, against CPython", "map/procpool", "map/cpython"),
            Demand.atLeast(
                    6, "64 MiB argument, against CPython", "payload.argument/procpool", "payload.argument/cpython"),
            Demand.atMost(
                    1.7,
                    "create(1) to first result, in a running JVM, against java Hello",
                    "start.next/procpool",
                    "hello/procpool"),
            Demand.atMost(
                    1.7,
                    "create(1) to first result, in a fresh JVM, against java Hello",
                    "start.first/procpool",
                    "hello/procpool"),
            Demand.atMost(1 / 3.0, "arcfour-futures 4, against CPython", "arcfour/procpool", "arcfour/cpython"),
            Demand.atMost(
                    1.03, "CPU-bound jobs, against ForkJoinPool", "cpu.procpool/procpool", "cpu.forkjoin/procpool"),
            Demand.atMost(1.2, "SHA-256 of mixed files, against xargs", "sha.mixed/procpool", "sha.mixed/xargs"),
            Demand.atMost(2, "SHA-256 of small files, against xargs", "sha.small/procpool", "sha.small/xargs"),
            Demand.atMost(
                    1.3,
                    "resident memory of an idle worker, against java Hello",
                    "memory.worker/procpool",
                    "memory.hello/procpool"),
            Demand.noMore(400, "bytes", "allocation for a noop task", "alloc/procpool"),
            Demand.atMost(
                    2, "replacement after kill -9, against a start", "recovery/procpool", "recovery.start/procpool"));

    private Catalogue() {}
}
