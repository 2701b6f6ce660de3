package dev.procpool.lab.report;

import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Measurement;
import dev.procpool.lab.measure.Parameters;
import java.util.List;

/**
 * All that is known of a run.
 *
 * @param parameters what was asked for
 * @param environments where it was measured, once for each time it was started
 * @param measurements what came out
 * @param planned how many measurements there should be
 * @param command the command that made the run
 */
public record Run(
        Parameters parameters,
        List<Environment> environments,
        List<Measurement> measurements,
        int planned,
        String command) {
    /** The cores of the machine. */
    int cores() {
        return environments.get(0).machine().cores();
    }
}
