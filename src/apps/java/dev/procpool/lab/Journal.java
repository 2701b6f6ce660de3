package dev.procpool.lab;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import dev.procpool.jobs.FileErrors;
import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
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
final class Journal implements AutoCloseable {
    private static final String FILE = "journal.jsonl";
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Path file;

    /** All access goes through this channel: to close another one would end its lock. */
    private final FileChannel channel;

    private final List<Environment> environments = new ArrayList<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final Set<Done> done = new HashSet<>();
    private @Nullable Parameters parameters;
    private @Nullable String voidBecause;

    private record Done(Configuration configuration, int round) {}

    /** A line: parameters come first, an environment at each start, measurements as they are made, a wrong result last. */
    private record Line(
            @Nullable Parameters parameters,
            @Nullable Environment environment,
            @Nullable Measurement measurement,
            @Nullable String voidBecause) {}

    private Journal(Path file) throws IOException {
        this.file = file;
        this.channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /**
     * Opens the journal in {@code folder}, which is made if it isn't there, and keeps other runs out until it is closed.
     *
     * @throws LabException if the folder can't be written, holds something else, or is in use by another run
     */
    static Journal open(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new AccessDeniedException(folder.toString());
            }
            Journal journal = new Journal(file);
            try {
                journal.lock();
                journal.read();
                return journal;
            } catch (IOException | LabException e) {
                journal.close();
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw LabException.usage(
                    "--out " + folder + ": cannot write there (" + e.getFile() + " is no folder); choose another one");
        } catch (IOException e) {
            throw LabException.usage("--out " + folder + ": cannot write there (" + FileErrors.reason(e)
                    + "); choose a folder that you may write to");
        }
    }

    /**
     * Begins or goes on.
     *
     * @throws LabException if the journal is of a run with other parameters, of another machine, or void
     */
    void start(Parameters wanted, Environment environment) {
        if (voidBecause != null) {
            throw LabException.usage(
                    "--out " + file.getParent() + " holds a void run (" + voidBecause + "); choose another folder");
        }
        if (parameters == null) {
            parameters = wanted;
            append(new Line(wanted, null, null, null));
        } else if (!parameters.equals(wanted)) {
            throw LabException.usage("--out " + file.getParent() + " holds a run with other parameters ("
                    + difference(wanted) + "); repeat its command to go on with it, or choose another folder");
        }
        if (!environments.isEmpty() && !environments.get(0).machine().equals(environment.machine())) {
            throw LabException.usage("--out " + file.getParent() + " holds a run of another machine or JDK ("
                    + environments.get(0).machine() + "); choose another folder");
        }
        environments.add(environment);
        append(new Line(null, environment, null, null));
    }

    void add(Measurement measurement) {
        measurements.add(measurement);
        done.add(new Done(measurement.configuration(), measurement.round()));
        append(new Line(null, null, measurement, null));
    }

    /** Notes that a result was wrong: the run can't go on, and its report says so. */
    void condemn(String reason) {
        voidBecause = reason;
        append(new Line(null, null, null, reason));
    }

    /** Why nothing here can be believed; null if all results were right. */
    @Nullable String voidBecause() {
        return voidBecause;
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

    private void lock() throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Another run in this JVM: the same as one in another.
        }
        throw LabException.usage("--out " + file.getParent() + ": another run writes there; choose another folder");
    }

    /** Lets other runs in. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot close (" + e.getMessage() + ")");
        }
    }

    private void read() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        String text = new String(bytes.array(), StandardCharsets.UTF_8);
        if (!text.isEmpty() && !text.startsWith("{")) {
            throw noJournal();
        }
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        for (String json : whole.lines().toList()) {
            Line line = parse(json);
            if (line.parameters != null) {
                parameters = line.parameters;
            } else if (line.environment != null) {
                environments.add(line.environment);
            } else if (line.measurement != null) {
                measurements.add(line.measurement);
                done.add(new Done(line.measurement.configuration(), line.measurement.round()));
            } else if (line.voidBecause != null) {
                voidBecause = line.voidBecause;
            }
        }
        // What follows is the line that was being written when the run was killed.
        channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
    }

    private Line parse(String json) {
        try {
            return Objects.requireNonNull(GSON.fromJson(json, Line.class));
        } catch (JsonSyntaxException | NullPointerException e) {
            throw noJournal();
        }
    }

    private LabException noJournal() {
        return LabException.usage(file + " is no journal of the lab; choose another folder");
    }

    private void append(Line line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((GSON.toJson(line) + "\n").getBytes(StandardCharsets.UTF_8));
            channel.position(channel.size());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot write (" + e.getMessage() + ")");
        }
    }
}
