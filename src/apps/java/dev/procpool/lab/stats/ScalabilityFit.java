package dev.procpool.lab.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;

/**
 * A scalability law fitted to elapsed times: Gunther's Universal Scalability Law
 *
 * <pre>
 *   speed-up(N) = N / (1 + σ (N - 1) + κ N (N - 1))
 * </pre>
 *
 * with contention σ and coherency κ, or Amdahl's law, which is the same with κ = 0 and σ the serial fraction. Both are
 * linear in {@code N · elapsed(N)}: {@code a (1 + σ (N - 1) + κ N (N - 1))}, so the fit is a linear least-squares problem in
 * {@code (a, aσ, aκ)} with σ, κ ≥ 0, weighted for errors that are proportional to the time. With two constraints the best
 * admissible one of the four active sets is the exact optimum: no iteration, no starting point.
 *
 * @param law the law fitted
 * @param secondsAtOne the fitted time with one worker, in seconds
 * @param sigma contention, or Amdahl's serial fraction; at least 0
 * @param kappa coherency; at least 0, and 0 for Amdahl
 * @param error root mean square of the relative residuals of the medians, so 0.02 means 2%
 */
public record ScalabilityFit(Law law, double secondsAtOne, Interval sigma, Interval kappa, double error) {
    /** The laws that can be fitted. */
    public enum Law {
        /** Two parameters: time and serial fraction. */
        AMDAHL(3),
        /** Three parameters: time, σ and κ. */
        USL(4);

        private final int minimumPoints;

        Law(int minimumPoints) {
            this.minimumPoints = minimumPoints;
        }

        /** How many different worker counts a fit needs: one more than it has parameters. */
        public int minimumPoints() {
            return minimumPoints;
        }
    }

    /**
     * Fits {@code law} to samples of the elapsed time, in seconds, by worker count.
     *
     * @return empty when there are fewer worker counts than {@link Law#minimumPoints()}
     */
    public static Optional<ScalabilityFit> of(Law law, SortedMap<Integer, double[]> elapsed) {
        if (elapsed.size() < law.minimumPoints()) {
            return Optional.empty();
        }
        int[] workers = elapsed.keySet().stream().mapToInt(n -> n).toArray();
        List<double[]> samples = new ArrayList<>(elapsed.values());
        Curve best = fit(law, workers, samples);
        Interval sigma = Bootstrap.of(samples, s -> fit(law, workers, s).sigma).clamp(0, Double.MAX_VALUE);
        Interval kappa = law == Law.AMDAHL
                ? new Interval(0, 0, 0)
                : Bootstrap.of(samples, s -> fit(law, workers, s).kappa).clamp(0, Double.MAX_VALUE);
        double error = Math.sqrt(best.squaredError / workers.length);
        return Optional.of(new ScalabilityFit(law, best.secondsAtOne, sigma, kappa, error));
    }

    /** The speed-up over one worker that the law predicts for {@code workers}. */
    public double speedUp(double workers) {
        return speedUp(workers, sigma.estimate(), kappa.estimate());
    }

    /** The speed-up at the bounds of σ and κ: an envelope, wider than a joint interval would be. */
    public Interval speedUpInterval(double workers) {
        return new Interval(
                speedUp(workers, sigma.high(), kappa.high()),
                speedUp(workers),
                speedUp(workers, sigma.low(), kappa.low()));
    }

    /** The worker count with the largest speed-up; infinite when κ is 0. */
    public double peakWorkers() {
        return kappa.estimate() == 0
                ? Double.POSITIVE_INFINITY
                : Math.sqrt(Math.max(0, 1 - sigma.estimate()) / kappa.estimate());
    }

    private static double speedUp(double n, double sigma, double kappa) {
        return n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
    }

    /**
     * The serial fraction that two measured points imply (Karp and Flatt), without any claim that a curve fits:
     * {@code (1/S - 1/N) / (1 - 1/N)}. Negative when the speed-up is better than linear.
     */
    public static Interval serialFraction(double[] elapsedAtOne, double[] elapsedAtN, int workers) {
        return Bootstrap.of(List.of(elapsedAtOne, elapsedAtN), groups -> {
            double inverseSpeedUp = Bootstrap.median(groups.get(1)) / Bootstrap.median(groups.get(0));
            return (inverseSpeedUp - 1.0 / workers) / (1 - 1.0 / workers);
        });
    }

    private record Curve(double secondsAtOne, double sigma, double kappa, double squaredError) {}

    private static Curve fit(Law law, int[] workers, List<double[]> samples) {
        double[] work = new double[workers.length];
        for (int i = 0; i < workers.length; i++) {
            work[i] = workers[i] * Bootstrap.median(samples.get(i));
        }
        Curve best = solve(workers, work, false, false);
        best = better(best, solve(workers, work, true, false));
        if (law == Law.USL) {
            best = better(best, solve(workers, work, false, true));
            best = better(best, solve(workers, work, true, true));
        }
        return best;
    }

    private static Curve better(Curve best, Curve candidate) {
        boolean admissible = candidate.secondsAtOne > 0 && candidate.sigma >= 0 && candidate.kappa >= 0;
        return admissible && candidate.squaredError < best.squaredError ? candidate : best;
    }

    /** Least squares of {@code work} over the columns 1, N-1 and N(N-1), each row divided by its value. */
    private static Curve solve(int[] workers, double[] work, boolean withSigma, boolean withKappa) {
        int columns = 1 + (withSigma ? 1 : 0) + (withKappa ? 1 : 0);
        double[][] rows = new double[workers.length][columns];
        for (int i = 0; i < workers.length; i++) {
            double n = workers[i];
            int column = 0;
            rows[i][column++] = 1 / work[i];
            if (withSigma) {
                rows[i][column++] = (n - 1) / work[i];
            }
            if (withKappa) {
                rows[i][column] = n * (n - 1) / work[i];
            }
        }
        double[] ones = new double[workers.length];
        Arrays.fill(ones, 1);
        double[] solution = new QRDecomposition(new Array2DRowRealMatrix(rows, false))
                .getSolver()
                .solve(new ArrayRealVector(ones, false))
                .toArray();
        double a = solution[0];
        double sigma = withSigma ? solution[1] / a : 0;
        double kappa = withKappa ? solution[columns - 1] / a : 0;
        double squaredError = 0;
        for (int i = 0; i < workers.length; i++) {
            double n = workers[i];
            double residual = a * (1 + sigma * (n - 1) + kappa * n * (n - 1)) / work[i] - 1;
            squaredError += residual * residual;
        }
        return new Curve(a, sigma, kappa, squaredError);
    }
}
