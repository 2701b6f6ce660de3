package dev.procpool.bench;

import java.io.Serializable;
import java.util.concurrent.Callable;

/** The task that does nothing, for executors that want a class. */
final class Noop implements Callable<Integer>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Integer call() {
        return 1;
    }
}
