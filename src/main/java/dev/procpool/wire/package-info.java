/**
 * What both JVMs speak: frames in the rings of a control block. Knows no other package.
 *
 * <p>Read {@link dev.procpool.wire.ControlBlock} first, then {@link dev.procpool.wire.Frames}.
 */
@NullMarked
package dev.procpool.wire;

import org.jspecify.annotations.NullMarked;
