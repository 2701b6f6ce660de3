package dev.procpool.internal.child;

import dev.procpool.fray.SimulatedProcess;
import dev.procpool.internal.wire.ControlBlock;
import java.io.IOException;

/** What a child's {@link ChildMain} does, for a child in this JVM. */
public final class SimulatedChild {
    private SimulatedChild() {}

    /** Runs until the parent asks this child to retire, or it is killed. Its heart doesn't beat. */
    public static void run(SimulatedProcess process, ControlBlock block, String mark) throws IOException {
        Outbox outbox = new Outbox(block, process.childOut());
        StdioGuard stdio = StdioGuard.install(outbox);
        HeapWatch heap = new HeapWatch();
        Heartbeat heartbeat = new Heartbeat(block, 0, 1000, 1000, mark, heap);
        try {
            Bells bells = new Bells(process.childIn(), false, mark);
            ExitNote exit = new ExitNote(block, outbox);
            process.onExit(exit::run);
            new CallLoop(block, outbox, bells, heartbeat, stdio, exit, heap).run();
        } catch (IOException e) {
            block.ending(ControlBlock.ENDING_PROTOCOL);
            throw e;
        }
    }
}
