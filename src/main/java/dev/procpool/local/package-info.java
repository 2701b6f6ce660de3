/**
 * What the executors of this JVM are made of. Internal: use the factories of {@code dev.procpool.TaskExecutor}.
 */
@NullMarked
package dev.procpool.local;

import org.jspecify.annotations.NullMarked;
