/** What both JVMs speak: frames and the control block. Knows nobody else. */
@NullMarked
package dev.procpool.wire;

import org.jspecify.annotations.NullMarked;
