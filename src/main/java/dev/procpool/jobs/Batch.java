package dev.procpool.jobs;

import dev.procpool.SerializableCallable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several jobs that travel as one task, so that small files don't pay for a message each. A file that can't be read or
 * written fails its own job only.
 *
 * @param jobs the jobs, run in this order
 * @param <T> the type of their results
 */
public record Batch<T>(List<? extends SerializableCallable<T>> jobs) implements SerializableCallable<List<Outcome<T>>> {
    @Override
    public List<Outcome<T>> call() throws Exception {
        List<Outcome<T>> outcomes = new ArrayList<>(jobs.size());
        for (SerializableCallable<T> job : jobs) {
            try {
                outcomes.add(new Outcome.Done<>(job.call()));
            } catch (IOException e) {
                outcomes.add(new Outcome.Failed<>(FileErrors.reason(e)));
            }
        }
        return outcomes;
    }
}
