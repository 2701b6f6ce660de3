/**
 * Benchmarks, in two kinds. The classes named {@code …Benchmark} are JMH suites, for a close look at procpool alone. The
 * contestants of {@code bin/bench} compare it with its peers: each process of them measures some figures and prints them
 * as one line of JSON, {@code {"figure":[sample,…],…}}; the driver, in {@code dev.procpool.lab.bench}, shuffles them,
 * collects what they print and reports.
 *
 * <p>Reading order: {@link dev.procpool.bench.Peer} and {@link dev.procpool.bench.PeerMain}, what all executors are
 * measured in; {@link dev.procpool.bench.ProcpoolMain}, what only procpool is; {@link dev.procpool.bench.Sampler}, how.
 */
@NullMarked
package dev.procpool.bench;

import org.jspecify.annotations.NullMarked;
