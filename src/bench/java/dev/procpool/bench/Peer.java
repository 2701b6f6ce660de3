package dev.procpool.bench;

import java.util.concurrent.Future;

/** An executor as the driver compares it: it takes tasks that do nothing. */
interface Peer extends AutoCloseable {
    /** Submits one task that does nothing. */
    Future<?> submit() throws Exception;

    @Override
    void close() throws Exception;
}
