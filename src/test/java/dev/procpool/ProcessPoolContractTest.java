package dev.procpool;

/** The contract, for {@code ProcessPoolExecutor}. */
class ProcessPoolContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return ProcessPoolExecutor.create(workers);
    }
}
