package dev.procpool.lab;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Parameters;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has been measured, one JSON object a line, written as soon as it is known: {@code journal.jsonl}. All other files of
 * a run are made from it. Whatever ends a run, at most the line being written is lost, and the same command goes on from
 * there.
 */
final class Journal {
    private static final String FILE = "journal.jsonl";
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Path file;
    private final List<Environment> environments = new ArrayList<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final Set<Done> done = new HashSet<>();
    private @Nullable Parameters parameters;

    private record Done(Configuration configuration, int round) {}

    /** A line: parameters come first, an environment at each start, measurements as they are made. */
    private record Line(
            @Nullable Parameters parameters,
            @Nullable Environment environment,
            @Nullable Measurement measurement) {}

    private Journal(Path file) {
        this.file = file;
    }

    /**
     * Opens the journal in {@code folder}, which is made if it isn't there.
     *
     * @throws LabException if the folder can't be written or holds something else
     */
    static Journal open(Path folder) {
        Path file = folder.resolve(FILE);
        Journal journal = new Journal(file);
        try {
            Files.createDirectories(folder);
            if (Files.exists(file)) {
                journal.read();
            } else {
                Files.createFile(file);
            }
            if (!Files.isWritable(file)) {
                throw new AccessDeniedException(file.toString());
            }
            return journal;
        } catch (IOException e) {
            throw LabException.usage("--out " + folder + ": cannot write there ("
                    + e.getClass().getSimpleName() + "); choose a folder that you may write to");
        }
    }

    /**
     * Begins or goes on.
     *
     * @throws LabException if the journal is of a run with other parameters, or of another machine
     */
    void start(Parameters wanted, Environment environment) {
        if (parameters == null) {
            parameters = wanted;
            append(new Line(wanted, null, null));
        } else if (!parameters.equals(wanted)) {
            throw LabException.usage("--out " + file.getParent() + " holds a run with other parameters ("
                    + difference(wanted) + "); repeat its command to go on with it, or choose another folder");
        }
        if (!environments.isEmpty() && !environments.get(0).machine().equals(environment.machine())) {
            throw LabException.usage("--out " + file.getParent() + " holds a run of another machine or JDK ("
                    + environments.get(0).machine() + "); choose another folder");
        }
        environments.add(environment);
        append(new Line(null, environment, null));
    }

    void add(Measurement measurement) {
        measurements.add(measurement);
        done.add(new Done(measurement.configuration(), measurement.round()));
        append(new Line(null, null, measurement));
    }

    boolean has(Trial trial) {
        return done.contains(new Done(trial.configuration(), trial.round()));
    }

    List<Measurement> measurements() {
        return List.copyOf(measurements);
    }

    /** Where it was measured, once for each time the run was started. */
    List<Environment> environments() {
        return List.copyOf(environments);
    }

    /** The parameters of the run; null before it has started. */
    @Nullable Parameters parameters() {
        return parameters;
    }

    private String difference(Parameters wanted) {
        List<String> differences = new ArrayList<>();
        for (var component : Parameters.class.getRecordComponents()) {
            Object there = value(component, Objects.requireNonNull(parameters));
            Object here = value(component, wanted);
            if (!Objects.equals(there, here)) {
                differences.add(component.getName() + ": " + there + ", not " + here);
            }
        }
        return String.join("; ", differences);
    }

    private static @Nullable Object value(java.lang.reflect.RecordComponent component, Parameters parameters) {
        try {
            return component.getAccessor().invoke(parameters);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read() throws IOException {
        String text = Files.readString(file);
        int end = text.lastIndexOf('\n') + 1;
        for (String json : text.substring(0, end).lines().toList()) {
            Line line = parse(json);
            if (line.parameters != null) {
                parameters = line.parameters;
            } else if (line.environment != null) {
                environments.add(line.environment);
            } else if (line.measurement != null) {
                measurements.add(line.measurement);
                done.add(new Done(line.measurement.configuration(), line.measurement.round()));
            }
        }
        if (end < text.length()) {
            // The line that was being written when the run was killed.
            Files.writeString(file, text.substring(0, end));
        }
    }

    private Line parse(String json) {
        try {
            return Objects.requireNonNull(GSON.fromJson(json, Line.class));
        } catch (JsonSyntaxException | NullPointerException e) {
            throw LabException.usage(file + " is no journal of the lab; choose another folder");
        }
    }

    private void append(Line line) {
        try {
            Files.writeString(file, GSON.toJson(line) + "\n", StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot write (" + e.getMessage() + ")");
        }
    }
}
