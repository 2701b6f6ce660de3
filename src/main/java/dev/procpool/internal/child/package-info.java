/**
 * What runs only in the child JVM. {@link dev.procpool.internal.child.ChildMain} sets up the pipes and the control block, then
 * {@link dev.procpool.internal.child.CallLoop} claims calls, runs them and answers through the
 * {@link dev.procpool.internal.child.Outbox}. Classes that are not on this JVM's class path come from the parent:
 * {@link dev.procpool.internal.child.ServedLoader} defines them, {@link dev.procpool.internal.child.Inquiry} asks for them.
 *
 * <p>The start-up time of a worker is the loading of these classes, so this package uses no lambdas, streams or string
 * formats.
 */
@NullMarked
package dev.procpool.internal.child;

import org.jspecify.annotations.NullMarked;
