package dev.procpool.lab.measure;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.procpool.TaskExecutor;
import dev.procpool.jobs.ExecutorKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/** Entry of a measuring JVM: reads an {@link Assignment} from stdin, measures, writes an {@link Outcome} and ends. */
public final class MeasuringMain {
    private static final int ORPHANED = 3;

    private MeasuringMain() {}

    /** Measures once. */
    public static void main(String[] args) throws IOException {
        BufferedReader lab = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Gson gson = new GsonBuilder().serializeSpecialFloatingPointValues().create();
        Assignment assignment = gson.fromJson(lab.readLine(), Assignment.class);
        endWithTheLab(lab);
        Outcome outcome = run(assignment);
        Files.writeString(Path.of(assignment.resultFile()), gson.toJson(outcome));
        Runtime.getRuntime().exit(outcome.error() == null ? 0 : 1);
    }

    private static Outcome run(Assignment assignment) {
        Configuration configuration = assignment.configuration();
        try {
            Values values = configuration.experiment() == Experiment.HEAPS
                    ? new HeapMeasurer(configuration, assignment.spinsPerMicrosecond()).measure()
                    : new BatchMeasurer(assignment, () -> executor(configuration)).measure();
            return Outcome.of(new Measurement(configuration, assignment.round(), values.toMap()));
        } catch (ExecutionException e) {
            return Outcome.failed(e.getCause() == null ? e : e.getCause());
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            return Outcome.failed(e);
        }
    }

    private static TaskExecutor executor(Configuration configuration) {
        return ExecutorKind.valueOf(configuration.executor().toUpperCase(Locale.ROOT))
                .create(configuration.workers(), null);
    }

    /** The lab holds the other end of stdin: when the lab dies, so does its measurement. */
    private static void endWithTheLab(BufferedReader lab) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (lab.readLine() != null) {}
                    } catch (IOException e) {
                        // As good as the end of the stream.
                    }
                    Runtime.getRuntime().halt(ORPHANED);
                },
                "lab-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
