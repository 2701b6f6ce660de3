package dev.procpool.lab.measure;

import dev.procpool.SerializableCallable;
import dev.procpool.jobs.ArcfourJob;
import dev.procpool.jobs.CryptoProvider;
import dev.procpool.jobs.Rc4Key;
import dev.procpool.jobs.ShaJob;
import dev.procpool.jobs.WrongResultException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a batch, in order of submission, and what they must return.
 *
 * @param tasks the tasks
 * @param expected what task i must return; null when nobody but the job's author knows
 */
record Job(List<SerializableCallable<?>> tasks, @Nullable IntFunction<@Nullable Object> expected) {
    /** A task of a known number of nanoseconds, without data. */
    static final String SPIN = "spin";

    /** A task that takes a number of bytes and returns their count. */
    static final String COPY = "copy";

    private static final Rc4Key KEY = new Rc4Key("the key of the lab".getBytes(StandardCharsets.US_ASCII));

    /** The job that an assignment asks for. */
    static Job of(Assignment assignment) throws ReflectiveOperationException {
        Configuration configuration = assignment.configuration();
        int count = configuration.count();
        long size = configuration.size();
        if (assignment.jobClass() != null) {
            return users(assignment.jobClass(), count);
        }
        return switch (configuration.job()) {
            case "arcfour" -> arcfour(provider(configuration), assignment.seed(), count, (int) size);
            case "sha" -> sha(provider(configuration), assignment.seed(), count, (int) size);
            case "alloc" -> alloc(count, size);
            case SPIN -> spin(count, Math.round(size / 1000.0 * assignment.spinsPerMicrosecond()));
            case COPY -> copy(count, (int) size);
            default -> throw new IllegalArgumentException("there is no job '" + configuration.job() + "'");
        };
    }

    private static CryptoProvider provider(Configuration configuration) {
        return CryptoProvider.valueOf(configuration.provider().toUpperCase(Locale.ROOT));
    }

    /** The biggest first, as in the classic run; each task compares what it decrypted with the original itself. */
    private static Job arcfour(CryptoProvider provider, long seed, int count, int size) {
        List<ArcfourJob> tasks = IntStream.range(0, count)
                .map(i -> count - i)
                .mapToObj(i -> new ArcfourJob(provider, KEY, seed, i, ArcfourJob.classicSize(size, count, i)))
                .toList();
        return new Job(new ArrayList<>(tasks), i -> tasks.get(i).size());
    }

    /** Digests are checked against those of the other provider. */
    private static Job sha(CryptoProvider provider, long seed, int count, int size) {
        CryptoProvider other = provider == CryptoProvider.JDK ? CryptoProvider.BC : CryptoProvider.JDK;
        Map<Integer, Object> digests = new HashMap<>();
        return new Job(
                IntStream.range(0, count)
                        .<SerializableCallable<?>>mapToObj(i -> new ShaJob(provider, seed, i, size))
                        .toList(),
                i -> digests.computeIfAbsent(i, j -> new ShaJob(other, seed, j, size).call()));
    }

    private static Job alloc(int count, long bytes) {
        AllocTask task = new AllocTask(bytes, AllocTask.SCALING_LIVE_BYTES);
        Long checksum = task.call();
        return new Job(repeat(count, task), i -> checksum);
    }

    private static Job spin(int count, long steps) {
        SerializableCallable<Long> task = () -> SpinTask.run(steps);
        return new Job(repeat(count, task), i -> SpinTask.expected(steps));
    }

    private static Job copy(int count, int size) {
        byte[] payload = new byte[size];
        SerializableCallable<Integer> task = () -> payload.length;
        return new Job(repeat(count, task), i -> size);
    }

    private static Job users(String className, int count) throws ReflectiveOperationException {
        List<SerializableCallable<?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(Class.forName(className)
                    .asSubclass(SerializableCallable.class)
                    .getConstructor()
                    .newInstance());
        }
        return new Job(tasks, null);
    }

    private static List<SerializableCallable<?>> repeat(int count, SerializableCallable<?> task) {
        return new ArrayList<>(Collections.nCopies(count, task));
    }

    /** The same tasks, each telling how long it ran. */
    Job timed() {
        return new Job(
                tasks.stream().<SerializableCallable<?>>map(TimedTask::new).toList(), expected);
    }

    /**
     * Checks the results of a batch.
     *
     * @throws WrongResultException if a result is wrong
     */
    void verify(List<?> results) {
        for (int i = 0; expected != null && i < results.size(); i++) {
            Object value = results.get(i) instanceof TimedTask.Result timed ? timed.value() : results.get(i);
            Object right = expected.apply(i);
            if (!Objects.equals(value, right)) {
                throw new WrongResultException(
                        "task " + i + " of " + results.size() + " returned " + value + " where " + right + " is right");
            }
        }
    }
}
