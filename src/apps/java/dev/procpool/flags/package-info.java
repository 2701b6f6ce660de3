/**
 * The I/O half of the lesson: twenty flags, six ways to download them.
 *
 * <pre>
 *                 codes ──▶ {@link dev.procpool.flags.Strategy} ── one of six ways to run many of these ──┐
 *                                                                                        ▼
 *   {@link dev.procpool.flags.FlagServer} ◀── HTTP, time-outs, retries ── {@link dev.procpool.flags.FlagFetcher} ── bytes ──▶ {@link dev.procpool.flags.FlagFolder}
 *   /LOCAL /DELAY /ERROR                                                                 │
 *                                            {@link dev.procpool.flags.FlagsReport} ◀── {@link dev.procpool.flags.Download}
 * </pre>
 *
 * Read {@link dev.procpool.flags.Strategy} first: it is what the lesson is about. {@link dev.procpool.flags.FlagsRun}
 * puts the pieces together. With {@code processes} the fetcher travels to the children and the bytes travel back: files
 * are written by the parent alone, so that stopping it leaves none half written.
 *
 * <p>The images are those of the flag-icons WebJar (MIT licence).
 */
@NullMarked
package dev.procpool.flags;

import org.jspecify.annotations.NullMarked;
