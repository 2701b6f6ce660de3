package dev.procpool;

/** The contract, for {@code TaskExecutor.sequential}. */
class SequentialContractTest extends TaskExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.sequential();
    }
}
