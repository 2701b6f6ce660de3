package dev.procpool;

import java.util.ArrayList;
import java.util.List;

/** Threads that take all the processor time they can get, until they are closed. */
public final class Hogs implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    public Hogs(int count) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::spin, "hog-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void spin() {
        while (!over) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
