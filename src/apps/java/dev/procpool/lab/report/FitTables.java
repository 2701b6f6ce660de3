package dev.procpool.lab.report;

import dev.procpool.lab.stats.Interval;
import dev.procpool.lab.stats.ScalabilityFit;
import dev.procpool.lab.stats.ScalabilityFit.Law;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Amdahl's law and the Universal Scalability Law, fitted to each executor. Only worker counts up to the number of cores
 * tell how a job scales with cores, so only these may predict what more cores would bring. Where there are too few of
 * them, the two laws are fitted to all worker counts, which describes this machine and predicts nothing.
 */
final class FitTables {
    private static final int[] MORE_CORES = {4, 16, 64};

    private final int cores;
    private final Map<String, SortedMap<Integer, double[]>> elapsed;
    private final List<Block> blocks = new ArrayList<>();

    FitTables(int cores, Map<String, SortedMap<Integer, double[]>> elapsed) {
        this.cores = cores;
        this.elapsed = elapsed;
    }

    List<Block> blocks() {
        boolean enough = elapsed.values().stream()
                .anyMatch(times -> times.headMap(cores + 1).size() >= Law.AMDAHL.minimumPoints());
        if (enough) {
            blocks.add(new Block.Paragraph("Scalability laws, fitted to the worker counts up to the " + cores
                    + " cores. The columns on the right are a model, not a measurement: the speed-up over one worker that the"
                    + " law predicts for more cores of this kind."));
            blocks.add(fits(cores, true));
        } else {
            blocks.add(new Block.Paragraph("Scalability laws: not enough points for a fit within the " + cores
                    + " cores (Amdahl's law needs " + Law.AMDAHL.minimumPoints() + " worker counts, the USL "
                    + Law.USL.minimumPoints() + "). Two points still give a serial fraction, by arithmetic and not by a"
                    + " fit; on the right, as a model and not a measurement, the speed-up over one worker that Amdahl's"
                    + " law makes of it."));
            blocks.add(serialFractions());
        }
        if (elapsed.values().stream().anyMatch(times -> times.lastKey() > cores)) {
            blocks.add(new Block.Paragraph("The same laws over all worker counts. Beyond " + cores
                    + " workers the cores are shared, which the laws can only read as contention: this describes the"
                    + " curve of this machine and predicts nothing for others."));
            blocks.add(fits(Integer.MAX_VALUE - 1, false));
        }
        return blocks;
    }

    private Block fits(int maxWorkers, boolean predict) {
        List<String> header = new ArrayList<>(List.of("executor", "law", "σ", "κ", "fit error"));
        if (predict) {
            for (int n : MORE_CORES) {
                header.add("model: " + n + " cores");
            }
        }
        List<List<String>> rows = new ArrayList<>();
        elapsed.forEach((executor, times) -> {
            for (Law law : Law.values()) {
                rows.add(row(executor, law, ScalabilityFit.of(law, times.headMap(maxWorkers + 1)), predict));
            }
        });
        return new Block.Table(2, header, rows);
    }

    private static List<String> row(String executor, Law law, Optional<ScalabilityFit> fit, boolean predict) {
        List<String> row = new ArrayList<>(List.of(executor, law == Law.AMDAHL ? "Amdahl" : "USL"));
        if (fit.isEmpty()) {
            row.add("not enough points for a fit");
            row.addAll(List.of("", ""));
        } else {
            row.add(Numbers.with(fit.get().sigma(), Numbers::digits));
            row.add(law == Law.AMDAHL ? "0" : Numbers.with(fit.get().kappa(), Numbers::digits));
            row.add(Numbers.percent(fit.get().error()));
        }
        if (predict) {
            for (int n : MORE_CORES) {
                row.add(fit.map(f -> Numbers.with(f.speedUpInterval(n), Numbers::digits))
                        .orElse(""));
            }
        }
        return row;
    }

    private Block serialFractions() {
        List<String> header = new ArrayList<>(List.of("executor", "workers", "serial fraction"));
        for (int n : MORE_CORES) {
            header.add("model: " + n + " cores");
        }
        List<List<String>> rows = new ArrayList<>();
        elapsed.forEach((executor, times) -> {
            SortedMap<Integer, double[]> within = times.headMap(cores + 1);
            double[] atOne = within.get(1);
            if (atOne != null && within.size() > 1) {
                int most = within.lastKey();
                double[] atMost = within.getOrDefault(most, atOne);
                Interval fraction = ScalabilityFit.serialFraction(atOne, atMost, most);
                List<String> row =
                        new ArrayList<>(List.of(executor, "1 and " + most, Numbers.with(fraction, Numbers::percent)));
                for (int n : MORE_CORES) {
                    row.add(Numbers.with(fraction.clamp(0, 1).map(s -> n / (1 + s * (n - 1))), Numbers::digits));
                }
                rows.add(row);
            }
        });
        return new Block.Table(1, header, rows);
    }
}
