package dev.procpool;

/** The contract, for {@code TaskExecutor.threads}. */
class ThreadsContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.threads(workers);
    }
}
