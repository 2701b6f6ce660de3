/**
 * A JVM for each task: the executor of {@link dev.procpool.TaskExecutor#spawn}.
 * {@link dev.procpool.internal.spawn.SpawnTask} writes the task into a file, runs a JVM to its end, and reads what
 * {@link dev.procpool.internal.spawn.SpawnMain} has left there in a second one.
 */
@NullMarked
package dev.procpool.internal.spawn;

import org.jspecify.annotations.NullMarked;
