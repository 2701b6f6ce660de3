package dev.procpool.internal.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Why a pool gave up.
 *
 * @param message what failed, how often, and what the child said
 * @param cause the last failure in this JVM, if there was one
 */
public record BrokenReason(String message, @Nullable Throwable cause) {}
