package dev.procpool;

/** The contract, for {@code TaskExecutor.forkJoin}. */
class ForkJoinContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.forkJoin(workers);
    }
}
