package dev.procpool.bench;

import dev.procpool.ProcessPoolExecutor;
import java.util.concurrent.Future;

/** Ours. */
final class ProcpoolPeer implements Peer {
    private final ProcessPoolExecutor pool;

    ProcpoolPeer(int workers) {
        this.pool = ProcessPoolExecutor.create(workers);
    }

    @Override
    public Future<?> submit() {
        return pool.submit(() -> 1);
    }

    @Override
    public void close() {
        pool.close();
    }
}
