package dev.procpool.internal.pool;

import org.jspecify.annotations.Nullable;

/** The context class loader of a thread, changed while it rebuilds a result and runs the callbacks of its future. */
final class ContextLoader {
    private ContextLoader() {}

    /** Makes {@code loader} that of this thread; what it was before is to be {@linkplain #leave restored}. */
    static @Nullable ClassLoader enter(@Nullable ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (before != loader && loader != null) {
            thread.setContextClassLoader(loader);
        }
        return before;
    }

    static void leave(@Nullable ClassLoader before) {
        Thread thread = Thread.currentThread();
        if (thread.getContextClassLoader() != before) {
            thread.setContextClassLoader(before);
        }
    }
}
