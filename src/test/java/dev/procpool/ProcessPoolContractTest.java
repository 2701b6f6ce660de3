package dev.procpool;

import dev.procpool.soak.Way;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

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

    @Override
    Set<Way> ways() {
        return EnumSet.allOf(Way.class);
    }

    @Override
    boolean runsTasksHere() {
        return false;
    }
}
