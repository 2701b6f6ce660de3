package dev.procpool;

import java.util.concurrent.Executors;

/** The contract, for {@code TaskExecutor.over}. */
class OverContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.over(Executors.newFixedThreadPool(workers));
    }
}
