package dev.procpool.internal.worker;

import dev.procpool.fray.SimulatedProcess;
import dev.procpool.internal.child.SimulatedChild;
import dev.procpool.internal.launch.ControlBlockFile;
import dev.procpool.internal.launch.Starter;
import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.wire.ControlBlock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Starts children in this JVM. */
public final class SimulatedStarter implements Starter {
    private final String mark;
    private final Supplier<ControlBlock> memory;
    private final Consumer<SimulatedProcess> started;

    private SimulatedStarter(String mark, Supplier<ControlBlock> memory, Consumer<SimulatedProcess> started) {
        this.mark = mark;
        this.memory = memory;
        this.started = started;
    }

    /** A factory of such workers; {@code started} is told of each process before it runs. */
    public static WorkerFactory factory(
            WorkerSpec spec, Supplier<ControlBlock> memory, Consumer<SimulatedProcess> started) {
        return new WorkerFactory(spec, (sameSpec, mark) -> new SimulatedStarter(mark, memory, started));
    }

    @Override
    public ControlBlockFile createMemory() {
        return ControlBlockFile.unshared(memory.get());
    }

    @Override
    public Process start(int id, ControlBlockFile file) {
        ControlBlock block = file.block();
        SimulatedProcess process = new SimulatedProcess(id);
        started.accept(process);
        process.start(self -> SimulatedChild.run(self, block, markOf(id)));
        return process;
    }

    @Override
    public String markOf(int id) {
        return mark + id + ";";
    }

    @Override
    public void distrustArchive() {}

    @Override
    public void makeArchive() {}

    @Override
    public void close() {}
}
