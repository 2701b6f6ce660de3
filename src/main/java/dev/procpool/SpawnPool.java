package dev.procpool;

import dev.procpool.local.KeepAlive;
import dev.procpool.local.Threads;
import java.util.concurrent.Callable;

/** A pool whose threads each wait for one JVM after the other, a fresh one for each task. */
final class SpawnPool extends LocalPool {
    private final String name;

    SpawnPool(String name, int processes) {
        super(name, Threads.platform(name, processes), processes, new KeepAlive(name + "-keepalive"));
        this.name = name;
    }

    @Override
    <T> LocalTask<T> newTask(long taskId, Callable<T> call, TaskOptions options) {
        return new SpawnTask<>(this, name + "-task-" + taskId, taskId, call, options);
    }
}
