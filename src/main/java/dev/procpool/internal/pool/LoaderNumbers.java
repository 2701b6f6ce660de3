package dev.procpool.internal.pool;

import dev.procpool.internal.codec.Definitions;
import dev.procpool.internal.launch.ServedClasses;

/** Class loaders get their numbers as all else does that is the same for many tasks: so workers learn when one is gone. */
public final class LoaderNumbers implements ServedClasses.Numbers {
    @Override
    public int define() {
        return Definitions.defineLoader();
    }

    @Override
    public void forget(int number) {
        Definitions.forget(number);
    }
}
