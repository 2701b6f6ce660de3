/**
 * The driver of {@code bin/bench}: procpool and its peers in one run. Reading order: {@link dev.procpool.lab.bench.Bench},
 * which runs the contestants round by round in a new order each time; {@link dev.procpool.lab.bench.LineUp}, who they
 * are; {@link dev.procpool.lab.bench.Catalogue}, what is compared with what, and demanded; then the reports. The
 * contestants themselves are beside it, in {@code dev.procpool.bench} and other languages, compiled
 * apart, so that the peers stay off the class path of library and commands.
 */
@NullMarked
package dev.procpool.lab.bench;

import org.jspecify.annotations.NullMarked;
