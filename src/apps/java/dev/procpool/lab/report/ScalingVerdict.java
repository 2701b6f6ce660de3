package dev.procpool.lab.report;

import dev.procpool.lab.stats.Bootstrap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The answer in words: which executor and how many workers for a job. */
final class ScalingVerdict {
    private static final String SEQUENTIAL = "sequential";

    /** Two samples that happen to be close would make a difference look clear that the next run doesn't see. */
    private static final int LEAST_SAMPLES = 3;

    /**
     * How much longer fewer workers may take and still be enough. Decided by medians alone: an interval that is wide enough
     * to hold anything would make one worker look as good as all cores.
     */
    private static final double ENOUGH = 0.1;

    private final String job;
    private final int cores;
    private final List<Candidate> ranked;

    /**
     * What an executor can do.
     *
     * @param executor its name
     * @param workers the worker count to compare it by
     * @param elapsed seconds for a batch, one value for each measuring JVM
     */
    record Candidate(String executor, int workers, double[] elapsed) {
        /**
         * Of an executor whose times, by worker count, are these: the fewest workers that are about as fast as any; without
         * times where there are none, which is too few for a verdict.
         */
        static Candidate of(String executor, SortedMap<Integer, double[]> elapsed) {
            List<Candidate> all = elapsed.entrySet().stream()
                    .filter(times -> times.getValue().length > 0)
                    .map(times -> new Candidate(executor, times.getKey(), times.getValue()))
                    .toList();
            double fastest = all.stream().mapToDouble(Candidate::seconds).min().orElse(0);
            return all.stream()
                    .filter(candidate -> candidate.seconds() <= fastest * (1 + ENOUGH))
                    .findFirst()
                    .orElseGet(() -> new Candidate(executor, 1, new double[0]));
        }

        double seconds() {
            return Bootstrap.median(elapsed);
        }
    }

    private ScalingVerdict(String job, int cores, List<Candidate> candidates) {
        this.job = job;
        this.cores = cores;
        this.ranked = candidates.stream()
                .sorted(Comparator.comparingDouble(Candidate::seconds))
                .toList();
    }

    static List<String> of(String job, int cores, List<Candidate> candidates) {
        return new ScalingVerdict(job, cores, candidates).sentences();
    }

    private List<String> sentences() {
        if (ranked.isEmpty() || ranked.stream().anyMatch(candidate -> candidate.elapsed.length < LEAST_SAMPLES)) {
            return List.of(job + ": too few measurements for a verdict" + medians() + ".");
        }
        Candidate winner = ranked.get(0);
        List<Candidate> equal = ranked.stream()
                .filter(candidate -> !Comparison.isClearlyLess(winner.elapsed, candidate.elapsed))
                .toList();
        List<String> sentences = new ArrayList<>();
        sentences.add(
                job + ": " + fastest(equal) + " (" + Numbers.seconds(winner.seconds()) + " a batch)." + advice(equal));
        for (Candidate candidate : ranked) {
            if (!equal.contains(candidate)) {
                sentences.add(job + ": " + candidate.executor + " clearly slower, "
                        + Numbers.seconds(candidate.seconds()) + " a batch, that is "
                        + Numbers.percent(candidate.seconds() / winner.seconds() - 1) + " more.");
            }
        }
        processesAgainstThreads(equal).ifPresent(sentences::add);
        return sentences;
    }

    private String medians() {
        return ranked.stream()
                .filter(candidate -> candidate.elapsed.length > 0)
                .map(candidate -> candidate.executor + " " + Numbers.seconds(candidate.seconds())
                        + (candidate.executor.equals(SEQUENTIAL)
                                ? ""
                                : " (" + Numbers.workers(candidate.workers) + ")"))
                .reduce((one, next) -> one + ", " + next)
                .map(all -> "; medians of a batch so far: " + all)
                .orElse("");
    }

    private static String fastest(List<Candidate> equal) {
        List<String> names = equal.stream().map(Candidate::executor).sorted().toList();
        return names.size() == 1
                ? names.get(0) + " clearly fastest"
                : "no clear winner between " + String.join(", ", names);
    }

    private String advice(List<Candidate> equal) {
        if (equal.stream().anyMatch(candidate -> candidate.executor.equals(SEQUENTIAL))) {
            return " Nothing clearly beats running the tasks one after the other.";
        }
        int fewest = equal.stream().mapToInt(Candidate::workers).min().orElse(1);
        return " " + Numbers.workers(fewest) + (fewest == 1 ? " is" : " are") + " enough"
                + (fewest <= cores ? "." : ", although there are only " + cores + " cores.");
    }

    private Optional<String> processesAgainstThreads(List<Candidate> equal) {
        Optional<Candidate> processes = find("processes");
        Optional<Candidate> threads = find("threads");
        if (processes.isEmpty() || threads.isEmpty()) {
            return Optional.empty();
        } else if (Comparison.isClearlyLess(threads.get().elapsed, processes.get().elapsed)) {
            return Optional.of(job + ": threads win; take processes only for isolation.");
        } else if (Comparison.isClearlyLess(processes.get().elapsed, threads.get().elapsed)) {
            return Optional.of(job + ": processes win.");
        } else if (equal.contains(threads.get()) != equal.contains(processes.get())) {
            // One of them is no worse than the fastest executor and the other is: the sentences above say so.
            return Optional.empty();
        }
        return Optional.of(
                job + ": no clear winner between processes and threads, so choose by what you need: threads are"
                        + " simpler and smaller, processes can be killed, crash alone and have their own heap.");
    }

    private Optional<Candidate> find(String executor) {
        return ranked.stream()
                .filter(candidate -> candidate.executor.equals(executor))
                .findFirst();
    }
}
