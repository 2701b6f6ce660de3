package dev.procpool.lab.bench;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A figure that the project has to reach: a ratio of two medians of one run, or a value.
 *
 * @param what the comparison, in words
 * @param ours the name of our samples
 * @param theirs the name of those to divide by; null if the value itself counts
 * @param atLeast whether the bound is the least that will do, or else the most
 * @param bound the bound
 * @param unit what to write behind the number
 */
record Demand(String what, String ours, @Nullable String theirs, boolean atLeast, double bound, String unit) {
    /** What became of a demand. */
    enum State {
        OK,
        MISSED,
        NOT_MEASURED;

        @Override
        public String toString() {
            return switch (this) {
                case OK -> "ok";
                case MISSED -> "missed";
                case NOT_MEASURED -> "not measured";
            };
        }
    }

    /**
     * What became of a demand.
     *
     * @param reached the number to hold against the bound; empty if something was not measured
     */
    record Verdict(Demand demand, OptionalDouble reached, State state) {}

    static Demand atLeast(double times, String what, String ours, String theirs) {
        return new Demand(what, ours, theirs, true, times, "×");
    }

    static Demand atMost(double times, String what, String ours, String theirs) {
        return new Demand(what, ours, theirs, false, times, "×");
    }

    static Demand noMore(double value, String unit, String what, String ours) {
        return new Demand(what, ours, null, false, value, " " + unit);
    }

    Verdict judge(Samples samples) {
        OptionalDouble own = samples.median(ours);
        OptionalDouble other = theirs == null ? OptionalDouble.of(1) : samples.median(theirs);
        if (own.isEmpty() || other.isEmpty()) {
            return new Verdict(this, OptionalDouble.empty(), State.NOT_MEASURED);
        }
        double reached = own.getAsDouble() / other.getAsDouble();
        boolean good = atLeast ? reached >= bound : reached <= bound;
        return new Verdict(this, OptionalDouble.of(reached), good ? State.OK : State.MISSED);
    }
}
