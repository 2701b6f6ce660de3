package dev.procpool.lab.report;

import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a run.
 *
 * @param parameters what was asked for
 * @param environments where it was measured, once for each time it was started
 * @param measurements what came out
 * @param planned how many measurements there should be
 * @param command the command that made the run
 * @param voidBecause the result that was wrong, so that nothing here can be believed; null if all were right
 */
public record Run(
        Parameters parameters,
        List<Environment> environments,
        List<Measurement> measurements,
        int planned,
        String command,
        @Nullable String voidBecause) {
    /** The cores of the machine. */
    int cores() {
        return environments.get(0).machine().cores();
    }
}
