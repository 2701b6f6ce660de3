package dev.procpool.bench;

import java.util.concurrent.Future;
import net.viktorc.pp4j.api.JavaProcessExecutorService;
import net.viktorc.pp4j.impl.ProcessExecutors;

/** PP4J, the process pool that the JVM has had. */
final class Pp4jPeer implements Peer {
    private final JavaProcessExecutorService pool;

    Pp4jPeer(int workers) throws InterruptedException {
        this.pool = ProcessExecutors.newFixedJavaProcessPool(workers);
    }

    @Override
    public Future<?> submit() {
        return pool.submit(new Noop());
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
