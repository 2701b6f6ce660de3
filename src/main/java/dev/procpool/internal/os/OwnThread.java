package dev.procpool.internal.os;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Threads of ours, which take nothing with them from whoever happens to start them: no thread-local values, no class
 * loader, no rights. Each of these would keep the class loader of an application for as long as the thread lives, and JDKs
 * differ in what they choose.
 */
public final class OwnThread {
    private OwnThread() {}

    /** A daemon thread that has not been started; its context class loader is the one that has loaded us. */
    @SuppressWarnings("removal") // up to JDK 23 a thread keeps the protection domains of the stack that has made it
    public static Thread of(Runnable task, String name) {
        return AccessController.doPrivileged(new PrivilegedAction<Thread>() {
            @Override
            public Thread run() {
                Thread thread = new Thread(null, task, name, 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(OwnThread.class.getClassLoader());
                return thread;
            }
        });
    }
}
