package dev.procpool;

import static dev.procpool.World.same;
import static dev.procpool.World.result;

import java.util.LinkedHashMap;
import java.util.Map;

/** What users do with pools. */
public final class Scenarios {
    /** All of them, by name. */
    public static final Map<String, Scenario> ALL = new LinkedHashMap<>();

    static {
        ALL.put("two-getters", Scenarios::twoGetters);
    }

    private Scenarios() {}

    private static void twoGetters(World world) {
        ProcessPoolExecutor pool = world.pool(1);
        for (int i = 0; i < 2; i++) {
            int value = i;
            world.user("getter " + i, () -> same(pool.submit(() -> value).get(), value));
        }
    }
}
