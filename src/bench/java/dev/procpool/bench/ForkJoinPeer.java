package dev.procpool.bench;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;

/** Threads of this JVM: what nothing that leaves it can beat. */
final class ForkJoinPeer implements Peer {
    private final ForkJoinPool pool;

    ForkJoinPeer(int workers) {
        this.pool = new ForkJoinPool(workers);
    }

    @Override
    public Future<?> submit() {
        return pool.submit(() -> 1);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
