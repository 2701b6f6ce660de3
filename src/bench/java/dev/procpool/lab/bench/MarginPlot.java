package dev.procpool.lab.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;

/** By how much each demand is met or missed: a bar to the right is better than demanded, one to the left is worse. */
final class MarginPlot {
    private static final int WIDTH = 1000;
    private static final int HEIGHT_OF_BAR = 34;
    private static final int HEIGHT_OF_REST = 120;

    /** Of decimal logarithms: longer bars are cut. */
    private static final double MOST = 1;

    static {
        // Pictures are also made while the JVM ends, when ImageIO's cache files can't be cleaned up any more.
        ImageIO.setUseCache(false);
    }

    private final List<String> labels;
    private final List<Double> margins;

    private MarginPlot(List<String> labels, List<Double> margins) {
        this.labels = labels;
        this.margins = margins;
    }

    static MarginPlot of(List<Demand.Verdict> verdicts) {
        List<String> labels = new ArrayList<>();
        List<Double> margins = new ArrayList<>();
        for (Demand.Verdict verdict : verdicts) {
            verdict.reached().ifPresent(reached -> {
                labels.add(verdict.demand().what() + " (" + TextReport.reached(verdict) + ")");
                margins.add(margin(verdict.demand(), reached));
            });
        }
        return new MarginPlot(labels, margins);
    }

    /** The decimal logarithm of how many times better than the bound it is. */
    static double margin(Demand demand, double reached) {
        double margin = Math.log10(demand.atLeast() ? reached / demand.bound() : demand.bound() / reached);
        return Math.max(-MOST, Math.min(MOST, margin));
    }

    boolean isEmpty() {
        return labels.isEmpty();
    }

    /** The picture, as {@code png} or {@code svg}. */
    byte[] encode(String format) throws IOException {
        HorizontalBarChart chart = new HorizontalBarChartBuilder()
                .width(WIDTH)
                .height(HEIGHT_OF_REST + HEIGHT_OF_BAR * labels.size())
                .title("How many times better (right) or worse (left) than demanded")
                .xAxisTitle("log₁₀: 0 is as demanded, 0.3 twice as good; bars end at 1")
                .build();
        chart.getStyler()
                .setLabelsVisible(false)
                .setAvailableSpaceFill(0.7)
                .setXAxisMaxLabelCount(Math.max(2, labels.size())) // a label for each bar; less than two is an error
                .setXAxisMin(-MOST)
                .setXAxisMax(MOST)
                .setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                .setPlotGridLinesColor(new Color(0xDD, 0xDD, 0xDD))
                .setLegendVisible(false)
                .setChartTitleBoxVisible(false)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setLocale(Locale.ROOT);
        chart.addSeries("margin", margins, labels).setFillColor(new Color(0x00, 0x5F, 0xA8));
        return ChartEncoder.getBytes(chart, format);
    }
}
