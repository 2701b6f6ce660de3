package dev.procpool.hosts;

import static org.awaitility.Awaitility.await;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.ProcessPoolExecutor;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a server undeploys is gone, whoever has loaded procpool, and whichever threads have used the pool. */
@ExtendWith(LeakCheck.class)
class LoaderLeakTest {
    private static final String APP = """
            package app;

            import dev.procpool.ProcessPoolExecutor;
            import java.io.Serializable;
            import java.util.concurrent.Callable;

            public class Main {
                static ProcessPoolExecutor pool;

                record Point(int x) implements Serializable {}

                public static void deployed() throws Exception {
                    pool = ProcessPoolExecutor.builder().workers(1).heapSize(64 << 20).build();
                    pool.submit(() -> new Point(1)).thenApply(Point::x).get();
                    pool.map(x -> new Point(x), java.util.List.of(1, 2)).toList();
                }

                public static void undeployed() {
                    pool.close();
                }

                public static Callable<Object> task() {
                    return (Callable<Object> & Serializable) () -> new Point(2);
                }
            }
            """;

    @TempDir
    Path folder;

    /** Sooner than threads of the JDK's end that have nothing to do. */
    private static void awaitCollected(WeakReference<?> loader) {
        await("the loader is collected").atMost(Limits.LONG.dividedBy(2)).until(() -> {
            System.gc();
            return loader.refersTo(null);
        });
    }

    private WeakReference<ClassLoader> deployAndUndeploy(Path classes) throws Exception {
        try (URLClassLoader loader = Loaders.childFirst(classes)) {
            Loaders.call(loader, "app.Main", "deployed");
            Loaders.call(loader, "app.Main", "undeployed");
            return new WeakReference<>(loader);
        }
    }

    @Test
    void a_program_that_has_brought_procpool_with_it() throws Exception {
        Path classes = Loaders.compile(folder, Map.of("app.Main", APP));

        List<Process> sleepers = occupyReapers();
        try {
            awaitCollected(deployAndUndeploy(classes)); // this thread, as a server's, lives on
        } finally {
            sleepers.forEach(Process::destroyForcibly);
        }
    }

    /** Now the JDK needs another thread for the next process, which takes what it can get from its maker. */
    private static List<Process> occupyReapers() throws IOException {
        List<Process> sleepers = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (sleepers.isEmpty() || thread.getName().startsWith("process reaper")) {
                sleepers.add(new ProcessBuilder("sleep", "1000").start());
            }
        }
        return sleepers;
    }

    private static WeakReference<ClassLoader> useOnce(ProcessPoolExecutor pool, Path classes) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {Loaders.url(classes)}, LoaderLeakTest.class.getClassLoader())) {
            @SuppressWarnings("unchecked")
            Callable<Object> task = (Callable<Object>) Loaders.call(loader, "app.Main", "task");
            pool.submit(task).thenApply(x -> x).get();
            return new WeakReference<>(loader);
        }
    }

    @Test
    void a_program_that_has_used_the_pool_of_another() throws Exception {
        Path classes = Loaders.compile(folder, Map.of("app.Main", APP));
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            awaitCollected(useOnce(pool, classes));
            pool.submit(() -> 1).get();
        }
    }

    @Test
    void a_program_that_has_built_a_pool_which_others_go_on_using() throws Exception {
        Path classes = Loaders.compile(folder, Map.of("app.Main", APP));
        AtomicReference<WeakReference<ClassLoader>> loader = new AtomicReference<>();
        try (ProcessPoolExecutor pool = buildAsContext(classes, loader)) {
            awaitCollected(loader.get());
            pool.submit(() -> 1).get();
        }
    }

    /** With a loader as context that nobody else knows. */
    private static ProcessPoolExecutor buildAsContext(Path classes, AtomicReference<WeakReference<ClassLoader>> context)
            throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {Loaders.url(classes)}, before)) {
            thread.setContextClassLoader(loader);
            ProcessPoolExecutor pool = ProcessPoolExecutor.create(1);
            pool.submit(() -> 1).thenApply(x -> x + 1).get();
            context.set(new WeakReference<>(loader));
            return pool;
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
