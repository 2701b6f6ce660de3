package dev.procpool.internal.child;

import dev.procpool.internal.wire.ControlBlock;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;

/**
 * The main class of a worker's JVM; started by the pool, never by hand.
 *
 * <p>Arguments: the path of the control block; how to reach the pipes, {@code fd} (a private pair, 3 and 4, so that
 * nothing that is printed can get between the bells) or {@code std}; the parent's process id; the heartbeat's period, and
 * that while there is nothing to do, in milliseconds; the mark of the pool.
 */
public final class ChildMain {
    /** The exit code after an {@link OutOfMemoryError}. */
    static final int EXIT_OUT_OF_MEMORY = 3;
    /** The exit code when this JVM can't talk to its parent. */
    static final int EXIT_PROTOCOL = 4;

    private ChildMain() {}

    /** Runs until the parent asks this worker to retire, or is gone. */
    public static void main(String[] args) throws IOException {
        if (args.length != 6) {
            System.err.println("This class is started by a ProcessPoolExecutor; it is no command.");
            System.exit(2);
        }
        ControlBlock block = openBlock(args[0]);
        boolean ownPipes = args[1].equals("fd");
        InputStream bellsIn = ownPipes ? new FileInputStream("/dev/fd/4") : new FileInputStream(FileDescriptor.in);
        OutputStream bellsOut = ownPipes ? new FileOutputStream("/dev/fd/3") : new FileOutputStream(FileDescriptor.out);
        long parentPid = Long.parseLong(args[2]);
        String mark = args[5];
        boolean parentIsVisible = Heartbeat.currentParent() == parentPid;
        Outbox outbox = new Outbox(block, bellsOut);
        StdioGuard stdio = StdioGuard.install(outbox);
        HeapWatch heap = new HeapWatch();
        Heartbeat heartbeat = new Heartbeat(
                block, parentIsVisible ? parentPid : 0, Long.parseLong(args[3]), Long.parseLong(args[4]), mark, heap);
        heartbeat.start();
        Thread.setDefaultUncaughtExceptionHandler(new LastWords(block));
        ExitNote exit = new ExitNote(block, outbox);
        Runtime.getRuntime().addShutdownHook(exit);
        try {
            Bells bells = new Bells(bellsIn, !parentIsVisible, mark);
            new CallLoop(block, outbox, bells, heartbeat, stdio, exit, heap).run();
        } catch (IOException e) {
            e.printStackTrace();
            block.ending(ControlBlock.ENDING_PROTOCOL);
            Runtime.getRuntime().halt(EXIT_PROTOCOL);
        }
        System.exit(0);
    }

    static ControlBlock openBlock(String path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
            ControlBlock block = ControlBlock.map(file.getChannel());
            if (!block.isSameVersion()) {
                System.err.println(
                        "The parent's procpool and the one on this worker's class path have different versions.");
                System.exit(EXIT_PROTOCOL);
            }
            return block;
        }
    }

    /** An {@link OutOfMemoryError} in a thread that a task started ends this worker like one in the task itself. */
    static final class LastWords implements Thread.UncaughtExceptionHandler {
        private final ControlBlock block;

        LastWords(ControlBlock block) {
            this.block = block;
        }

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            if (thrown instanceof OutOfMemoryError) {
                block.ending(ControlBlock.ENDING_OUT_OF_MEMORY);
            }
            try {
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                thrown.printStackTrace();
            } finally {
                if (thrown instanceof OutOfMemoryError) {
                    Runtime.getRuntime().halt(EXIT_OUT_OF_MEMORY);
                }
            }
        }
    }
}
