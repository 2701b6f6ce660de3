package dev.procpool.internal.spawn;

import dev.procpool.TaskExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.internal.inprocess.LocalExecutor;
import dev.procpool.internal.inprocess.LocalPool;
import dev.procpool.internal.inprocess.LocalTask;
import dev.procpool.internal.inprocess.Threads;
import dev.procpool.internal.launch.Nesting;
import dev.procpool.internal.os.KeepAlive;
import dev.procpool.internal.pool.Checks;
import java.util.concurrent.Callable;

/** A pool whose threads each wait for one JVM after the other, a fresh one for each task. */
public final class SpawnPool extends LocalPool {
    private final String name;

    private SpawnPool(String name, int processes) {
        super(name, Threads.platform(name, processes), processes, new KeepAlive(name + "-keepalive"));
        this.name = name;
    }

    /** An executor that runs {@code n} tasks at a time, each in a JVM of its own. */
    public static TaskExecutor executor(int n) {
        Checks.atLeast("spawn", n, 1);
        String name = LocalExecutor.newName("spawn");
        Nesting.check(name);
        return new LocalExecutor(new SpawnPool(name, n), TaskOptions.defaults());
    }

    @Override
    protected <T> LocalTask<T> newTask(long taskId, Callable<T> call, TaskOptions options) {
        return new SpawnTask<>(this, name + "-task-" + taskId, taskId, call, options);
    }
}
