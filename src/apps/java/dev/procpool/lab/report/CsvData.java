package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Measurement;
import java.util.List;

/** All values as they were seen, one a line, so that any tool can group them as it likes. */
final class CsvData {
    private static final String HEADER =
            "experiment,job,executor,workers,count,size,provider,round,metric,unit,index,value\n";

    private CsvData() {}

    static String of(List<Measurement> measurements) {
        StringBuilder csv = new StringBuilder(HEADER);
        for (Measurement measurement : measurements) {
            Configuration c = measurement.configuration();
            String prefix = String.join(
                    ",",
                    c.experiment().toString(),
                    quoted(c.job()),
                    c.executor(),
                    Integer.toString(c.workers()),
                    Integer.toString(c.count()),
                    Long.toString(c.size()),
                    c.provider(),
                    Integer.toString(measurement.round()));
            measurement.values().forEach((metric, values) -> {
                for (int i = 0; i < values.length; i++) {
                    csv.append(prefix)
                            .append(',')
                            .append(metric)
                            .append(',')
                            .append(metric.unit())
                            .append(',')
                            .append(i)
                            .append(',')
                            .append(values[i])
                            .append('\n');
                }
            });
        }
        return csv.toString();
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
