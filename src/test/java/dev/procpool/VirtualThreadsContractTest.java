package dev.procpool;

import dev.procpool.soak.Way;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The contract, for {@code TaskExecutor.virtualThreads}. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsContractTest extends ConcurrentExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return TaskExecutor.virtualThreads();
    }

    @Override
    Set<Way> ways() {
        return EnumSet.allOf(Way.class);
    }
}
