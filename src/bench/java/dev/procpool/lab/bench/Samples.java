package dev.procpool.lab.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * All that was measured: of each row of the {@link Catalogue} its samples, by names like {@code noop/cpython}, figure
 * and contestant.
 */
public final class Samples {
    private final Map<String, List<Double>> byName = new TreeMap<>();

    /** Adds what one process of {@code contestant} has measured, by figure. */
    void add(String contestant, Map<String, List<Double>> figures) {
        figures.forEach(
                (figure, samples) -> byName.computeIfAbsent(figure + "/" + contestant, name -> new ArrayList<>())
                        .addAll(samples));
    }

    Optional<Spread> spread(String name) {
        return Optional.ofNullable(byName.get(name))
                .filter(samples -> !samples.isEmpty())
                .map(Spread::of);
    }

    OptionalDouble median(String name) {
        return spread(name).map(spread -> OptionalDouble.of(spread.median())).orElseGet(OptionalDouble::empty);
    }

    Map<String, List<Double>> byName() {
        return Collections.unmodifiableMap(byName);
    }
}
