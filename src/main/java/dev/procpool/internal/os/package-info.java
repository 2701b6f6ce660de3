/**
 * What has to do with the machine and not with the pool: process trees, private and shared files, memory, a thread that
 * keeps the JVM alive. Knows no other package.
 */
@NullMarked
package dev.procpool.internal.os;

import org.jspecify.annotations.NullMarked;
