package dev.procpool.lab.report;

import dev.procpool.lab.stats.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer in words: which executor and how many workers for a job. */
final class ScalingVerdict {
    /** Differences below this are not worth a decision, even where they are certain. */
    private static final double TIE = 0.05;

    /**
     * The best an executor can do.
     *
     * @param executor its name
     * @param workers the smallest worker count that does it
     * @param elapsed seconds for a batch
     */
    record Best(String executor, int workers, Interval elapsed) {}

    private ScalingVerdict() {}

    static List<String> of(String job, int cores, List<Best> candidates) {
        List<Best> ranked = candidates.stream()
                .filter(best -> !best.executor.equals("sequential"))
                .sorted(Comparator.comparingDouble(best -> best.elapsed.estimate()))
                .toList();
        if (ranked.isEmpty()) {
            return List.of();
        }
        Best winner = ranked.get(0);
        if (ranked.stream().anyMatch(best -> !best.elapsed.isKnown())) {
            return List.of(job + ": too few measurements for a verdict.");
        }
        List<Best> equal = ranked.stream().filter(best -> ties(best, winner)).toList();
        List<String> sentences = new ArrayList<>();
        sentences.add(job + ": " + fastest(equal) + ", about " + Numbers.seconds(winner.elapsed.estimate())
                + " a batch with " + Numbers.workers(winner.workers) + ". " + advice(winner, cores));
        for (Best best : ranked) {
            if (!equal.contains(best)) {
                sentences.add(job + ": " + best.executor + " take "
                        + Numbers.percent(best.elapsed.estimate() / winner.elapsed.estimate() - 1) + " longer, "
                        + Numbers.seconds(best.elapsed.estimate()) + ".");
            }
        }
        sentences.addAll(processesAgainstThreads(job, ranked));
        return sentences;
    }

    /** Closer than a decision is worth, or not told apart by their intervals. */
    private static boolean ties(Best one, Best other) {
        double ratio = one.elapsed.estimate() / other.elapsed.estimate();
        return Math.max(ratio, 1 / ratio) < 1 + TIE || one.elapsed.overlaps(other.elapsed);
    }

    private static String fastest(List<Best> equal) {
        List<String> names = equal.stream().map(Best::executor).sorted().toList();
        return names.size() == 1
                ? names.get(0) + " are fastest"
                : "no difference worth a decision between " + String.join(", ", names);
    }

    private static String advice(Best winner, int cores) {
        return winner.workers <= cores
                ? "More workers than " + winner.workers + " gain nothing worth having."
                : "That is more workers than the " + cores + " cores, and still gained.";
    }

    private static List<String> processesAgainstThreads(String job, List<Best> ranked) {
        Best processes = find(ranked, "processes");
        Best threads = find(ranked, "threads");
        if (processes == null || threads == null) {
            return List.of();
        }
        if (ties(processes, threads)) {
            return List.of(
                    job + ": processes cost nothing that shows, so choose by what you need: threads are simpler and"
                            + " smaller, processes can be killed, crash alone and have their own heap.");
        }
        return processes.elapsed.estimate() > threads.elapsed.estimate()
                ? List.of(job + ": threads win; take processes only for isolation.")
                : List.of(job + ": processes win.");
    }

    private static @Nullable Best find(List<Best> ranked, String executor) {
        return ranked.stream()
                .filter(best -> best.executor.equals(executor))
                .findFirst()
                .orElse(null);
    }
}
