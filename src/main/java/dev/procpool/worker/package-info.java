/**
 * The parent's handle on one child JVM: how it is launched, how its replies are read, how its health is known and how it
 * ends. {@link dev.procpool.worker.Worker} is the class to read; {@link dev.procpool.worker.Launcher} starts the process.
 */
@NullMarked
package dev.procpool.worker;

import org.jspecify.annotations.NullMarked;
