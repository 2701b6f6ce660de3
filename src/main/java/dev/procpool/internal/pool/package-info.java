/**
 * A pool and its futures: what lies between the public types and the dispatcher. {@link dev.procpool.internal.pool.ProcessPool}
 * encodes a task and hands it over as a call; {@link dev.procpool.internal.pool.ProcessTask}, the future, takes the reply from
 * {@link dev.procpool.internal.pool.Results}, or the description of a crash from {@link dev.procpool.internal.pool.Crashes}.
 * {@link dev.procpool.internal.pool.MapStream} is {@code map} for every kind of executor;
 * {@link dev.procpool.internal.pool.BatchCall} is how a process pool works on a chunk of it.
 */
@NullMarked
package dev.procpool.internal.pool;

import org.jspecify.annotations.NullMarked;
