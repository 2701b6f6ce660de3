/**
 * The jobs of the experiments: RC4 ("arcfour") and SHA-256, over random buffers or over files.
 *
 * <p>A job is a small serialisable value. What it works on is not in it: a buffer is made in the worker from a seed and
 * an index, a file is opened and read in the worker. So a job costs a pool of processes the same few bytes on the pipe
 * whatever its size, and every executor does the same work on the same data.
 */
@NullMarked
package dev.procpool.jobs;

import org.jspecify.annotations.NullMarked;
