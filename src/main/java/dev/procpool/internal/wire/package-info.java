/**
 * What both JVMs speak: frames in the rings of a control block. Knows no other package.
 *
 * <p>Read {@link dev.procpool.internal.wire.ControlBlock} first, then {@link dev.procpool.internal.wire.Frames}.
 */
@NullMarked
package dev.procpool.internal.wire;

import org.jspecify.annotations.NullMarked;
