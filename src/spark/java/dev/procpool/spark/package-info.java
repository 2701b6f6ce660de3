/** The executor for more than one machine: tasks on a Spark cluster, behind the same {@link dev.procpool.TaskExecutor}. */
@NullMarked
package dev.procpool.spark;

import org.jspecify.annotations.NullMarked;
