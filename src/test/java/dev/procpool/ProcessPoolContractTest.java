package dev.procpool;

import java.time.Duration;

/** The contract, for {@code ProcessPoolExecutor}. */
class ProcessPoolContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return ProcessPoolExecutor.create(workers);
    }

    /** The clock of a task runs while its worker loads the first classes, which takes long on a busy machine. */
    @Override
    Duration deadline() {
        return Duration.ofSeconds(3);
    }
}
