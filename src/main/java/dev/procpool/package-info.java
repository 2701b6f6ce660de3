/**
 * A process pool for the JVM: an {@link java.util.concurrent.ExecutorService} whose tasks run in child JVMs.
 */
@NullMarked
package dev.procpool;

import org.jspecify.annotations.NullMarked;
