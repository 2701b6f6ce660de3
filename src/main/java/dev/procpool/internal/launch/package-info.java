/**
 * From a class path and options to a running JVM. {@link dev.procpool.internal.launch.WorkerSpec} says what is wanted,
 * {@link dev.procpool.internal.launch.Launcher} starts it, with the class path and the options that it inherits from this JVM
 * and, where there can be one, an archive of the classes that every worker loads
 * ({@link dev.procpool.internal.launch.ClassArchive}).
 */
@NullMarked
package dev.procpool.internal.launch;

import org.jspecify.annotations.NullMarked;
