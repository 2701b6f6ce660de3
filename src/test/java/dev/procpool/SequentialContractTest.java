package dev.procpool;

import dev.procpool.soak.Way;
import java.util.EnumSet;
import java.util.Set;

/** The contract, for {@code TaskExecutor.sequential}. */
class SequentialContractTest extends TaskExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.sequential();
    }

    @Override
    Set<Way> ways() {
        return EnumSet.allOf(Way.class);
    }
}
