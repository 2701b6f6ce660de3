/**
 * The failure table: one class for each kind of fault, one test for each row and stage. What a task does to its worker is
 * in {@link dev.procpool.failure.Faults}.
 *
 * <p>{@code -Dprocpool.repeat=50} multiplies the repetitions of those tests that look for rare orders of events.
 */
package dev.procpool.failure;
