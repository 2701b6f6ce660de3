/**
 * The arithmetic of the lab: medians with intervals, scalability laws, and a model of the pool. Nothing here measures,
 * prints or draws; everything is a function of its arguments and a seed.
 */
@NullMarked
package dev.procpool.lab.stats;

import org.jspecify.annotations.NullMarked;
