package dev.procpool.lab.report;

import dev.procpool.lab.stats.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A plot of curves. Each has a marker, a dash and a grey value of its own besides its colour, so that it survives a
 * black-and-white printer; intervals are drawn as bars, and moved a little sideways where curves would hide each other's.
 */
final class Plot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final float LINE_WIDTH = 1.6f;
    private static final double SIDEWAYS = 1.03;
    private static final double LINEAR_REACH = 0.5;
    private static final double LARGEST_LINEAR_RATIO = 4;
    private static final double CAP = 0.007;
    private static final double LOGARITHMIC_REACH = 4;

    private static final Color[] COLORS = {
        new Color(0x00, 0x00, 0x00),
        new Color(0xC0, 0x3A, 0x00),
        new Color(0x00, 0x5F, 0xA8),
        new Color(0x00, 0x7F, 0x5F),
        new Color(0xA0, 0x4A, 0x90),
        new Color(0x7A, 0x6A, 0x00),
        new Color(0x60, 0x60, 0x60),
    };
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS,
        SeriesMarkers.PLUS,
    };
    private static final float[][] DASHES = {
        {}, {9, 4}, {2, 3}, {9, 3, 2, 3}, {14, 4}, {5, 5}, {2, 6},
    };

    static {
        // Pictures are also made while the JVM ends, when ImageIO's cache files can't be cleaned up any more.
        ImageIO.setUseCache(false);
    }

    private final String name;
    private final XYChart chart;
    private final List<Bar> bars = new ArrayList<>();
    private int curves;
    private int references;
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;

    /** An interval; bars are drawn last, when it is known how far they may reach. */
    private record Bar(double x, Interval y, Color color) {}

    /**
     * An empty plot.
     *
     * @param name the name of its files, without an ending
     * @param xTitle what the x axis shows, with its unit
     * @param yTitle what the y axis shows, with its unit
     */
    Plot(String name, String title, String xTitle, String yTitle) {
        this.name = name;
        this.chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xTitle)
                .yAxisTitle(yTitle)
                .build();
        var styler = chart.getStyler();
        styler.setChartBackgroundColor(Color.WHITE)
                .setPlotBackgroundColor(Color.WHITE)
                .setPlotBorderColor(Color.DARK_GRAY)
                .setLegendBorderColor(Color.WHITE)
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setLegendSeriesLineLength(40)
                .setChartTitleBoxVisible(false)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15))
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12))
                .setMarkerSize(8)
                .setLocale(Locale.ROOT);
        styler.setPlotGridLinesColor(new Color(0xDD, 0xDD, 0xDD));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        styler.setXAxisMaxLabelCount(20);
        styler.setYAxisTickLabelsFormattingFunction(Numbers::plain);
    }

    String name() {
        return name;
    }

    Plot logarithmicX() {
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setXAxisLogarithmicDecadeOnly(true);
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        return this;
    }

    /** A logarithmic x axis of seconds, with the unit at each label. */
    Plot logarithmicSeconds() {
        chart.getStyler().setXAxisTickLabelsFormattingFunction(Numbers::roundSeconds);
        return logarithmicX();
    }

    Plot logarithmicY() {
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmicDecadeOnly(true);
        return this;
    }

    /** A logarithmic y axis of seconds, with the unit at each label. */
    Plot logarithmicSecondsY() {
        chart.getStyler().setYAxisTickLabelsFormattingFunction(Numbers::roundSeconds);
        return logarithmicY();
    }

    /** A y axis for ratios up to {@code largest}: logarithmic if they are not close to each other. */
    Plot ratioY(double largest) {
        chart.getStyler().setYAxisLogarithmic(largest > LARGEST_LINEAR_RATIO);
        chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
        return this;
    }

    /** An x axis of whole numbers from {@code min} to {@code max}. */
    Plot wholeX(double min, double max) {
        chart.getStyler().setXAxisMin(min).setXAxisMax(max);
        chart.getStyler()
                .setXAxisTickLabelsFormattingFunction(x -> x == Math.rint(x) ? String.valueOf(Math.round(x)) : " ");
        return this;
    }

    Plot rangeY(double min, double max) {
        chart.getStyler().setYAxisMin(min).setYAxisMax(max);
        return this;
    }

    Plot fromZero() {
        chart.getStyler().setYAxisMin(0.0);
        return this;
    }

    /** Measured points, joined, with their intervals. */
    Plot measured(String label, List<Double> x, List<Interval> y) {
        int style = curves++ % COLORS.length;
        // Sideways on a logarithmic axis, so that bars of different curves don't hide each other.
        double shift = chart.getStyler().isXAxisLogarithmic() ? Math.pow(SIDEWAYS, style) : 1;
        List<Double> shifted = x.stream().map(value -> value * shift).toList();
        XYSeries line = chart.addSeries(
                label, shifted, y.stream().map(Interval::estimate).toList());
        line.setMarker(MARKERS[style]).setMarkerColor(COLORS[style]);
        line.setLineStyle(stroke(DASHES[style])).setLineColor(COLORS[style]);
        for (int i = 0; i < x.size(); i++) {
            smallest = Math.min(smallest, y.get(i).estimate());
            largest = Math.max(largest, y.get(i).estimate());
            if (y.get(i).isKnown()) {
                bars.add(new Bar(shifted.get(i), y.get(i), COLORS[style]));
            }
        }
        return this;
    }

    /** Points without intervals, joined. */
    Plot curve(String label, List<Double> x, List<Double> y) {
        return measured(label, x, y.stream().map(Interval::unknown).toList());
    }

    /** A line to compare with: thin, grey, dotted, without markers. */
    Plot reference(String label, List<Double> x, List<Double> y) {
        XYSeries line = chart.addSeries(label, x, y);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineStyle(stroke(new float[] {1 + 3 * (references++ % 3), 3})).setLineColor(Color.GRAY);
        return this;
    }

    /** Bars that reach far beyond the points are cut: they would press the curves flat. */
    private void drawBars() {
        boolean logarithmic = chart.getStyler().isYAxisLogarithmic();
        double spread = Math.max(largest - smallest, Math.abs(largest) / 2);
        double floor = logarithmic ? smallest / LOGARITHMIC_REACH : smallest - spread * LINEAR_REACH;
        double ceiling = logarithmic ? largest * LOGARITHMIC_REACH : largest + spread * LINEAR_REACH;
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            Interval cut = bar.y.clamp(floor, ceiling);
            double left = sideways(bar.x, -1);
            double right = sideways(bar.x, 1);
            XYSeries line = chart.addSeries(
                    "interval " + i,
                    new double[] {left, right, bar.x, bar.x, left, right},
                    new double[] {cut.low(), cut.low(), cut.low(), cut.high(), cut.high(), cut.high()});
            line.setMarker(SeriesMarkers.NONE);
            line.setLineStyle(new BasicStroke(1)).setLineColor(bar.color);
            line.setShowInLegend(false);
        }
        bars.clear();
    }

    /** The end of a bar's cap, to the left or the right of it. */
    private double sideways(double x, int direction) {
        if (chart.getStyler().isXAxisLogarithmic()) {
            return x * Math.pow(SIDEWAYS, direction);
        }
        Double max = chart.getStyler().getXAxisMax();
        return x + direction * CAP * (max == null ? 1 : max);
    }

    private static BasicStroke stroke(float[] dash) {
        return dash.length == 0
                ? new BasicStroke(LINE_WIDTH)
                : new BasicStroke(LINE_WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
    }

    /** Why this Java can't draw text, in one line; nothing if it can. JDKs say so in their own ways: a library of the system is missing, there is no font. */
    static Optional<String> whyItCannotDraw() {
        try {
            new TextLayout("0", new Font(Font.SANS_SERIF, Font.PLAIN, 12), new FontRenderContext(null, true, true));
            return Optional.empty();
        } catch (LinkageError | InternalError | RuntimeException e) {
            return Optional.of(e.toString().lines().findFirst().orElse("no reason given"));
        }
    }

    byte[] png() throws IOException {
        drawBars();
        return ChartEncoder.getBytes(chart, "png");
    }

    String svg() throws IOException {
        drawBars();
        return new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
    }
}
