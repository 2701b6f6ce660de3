/**
 * From a class path and options to a running JVM. {@link dev.procpool.internal.launch.WorkerSpec} says what is wanted,
 * {@link dev.procpool.internal.launch.Launcher} starts it, with the class path and the options that it inherits from this JVM
 * and, where there can be one, an archive of the classes that every worker loads
 * ({@link dev.procpool.internal.launch.ClassArchive}).
 *
 * <p>What a worker doesn't find on that class path it asks for: {@link dev.procpool.internal.launch.ServedClasses} knows which
 * class loaders of this JVM a task needs, {@link dev.procpool.internal.launch.ServedLookup} looks into them. A worker finds
 * procpool itself, where the class path doesn't hold it, by {@link dev.procpool.internal.launch.OwnClasses}.
 */
@NullMarked
package dev.procpool.internal.launch;

import org.jspecify.annotations.NullMarked;
