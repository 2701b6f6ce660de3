package dev.procpool.lab.bench;

import java.util.List;

/**
 * What a run has brought.
 *
 * @param environment where it was measured
 * @param options what was asked for
 * @param samples all that was measured
 * @param broken contestants that failed, each with the reason
 * @param missing contestants that this machine doesn't have, each with the reason
 */
public record BenchResult(
        BenchEnvironment environment,
        BenchOptions options,
        Samples samples,
        List<String> broken,
        List<String> missing) {
    List<Demand.Verdict> verdicts() {
        return Catalogue.DEMANDS.stream()
                .map(demand -> demand.judge(samples))
                .filter(verdict -> verdict.state() != Demand.State.NOT_MEASURED || isAskedFor(verdict.demand()))
                .toList();
    }

    /** Whether something of the comparison was measured, so that its absence is worth a line. */
    private boolean isAskedFor(Demand demand) {
        return samples.median(demand.ours()).isPresent();
    }

    /** The tables, for a terminal. */
    public String text() {
        return TextReport.of(this);
    }

    /** All figures. */
    public String json() {
        return BenchReport.json(this);
    }
}
