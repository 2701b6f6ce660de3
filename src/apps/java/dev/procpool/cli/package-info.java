/**
 * The commands: they read options, submit jobs to a {@link dev.procpool.TaskExecutor} and print what comes back. No pool
 * logic is in here. {@link dev.procpool.cli.Main} lists them all.
 */
@NullMarked
package dev.procpool.cli;

import org.jspecify.annotations.NullMarked;
