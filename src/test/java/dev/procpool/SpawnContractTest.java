package dev.procpool;

import dev.procpool.soak.ConcurrentUse;
import java.time.Duration;

/** The contract, for {@code TaskExecutor.spawn}. */
class SpawnContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.spawn(workers);
    }

    @Override
    int manyItems() {
        return 25;
    }

    @Override
    Duration deadline() {
        return Duration.ofSeconds(4); // the start of the JVM counts
    }

    @Override
    ConcurrentUse.Load concurrentLoad() {
        return new ConcurrentUse.Load(2, 1, Limits.LONG);
    }

    @Override
    boolean runsTasksHere() {
        return false;
    }
}
