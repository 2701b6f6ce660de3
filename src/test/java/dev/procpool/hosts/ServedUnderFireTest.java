package dev.procpool.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerInfo;
import dev.procpool.WorkerOutput;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many classes, asked for from many sides while workers die in the middle of an answer: nothing is lost, nothing hangs. */
@ExtendWith(LeakCheck.class)
class ServedUnderFireTest {
    private static final int CLASSES = 200;
    private static final int THREADS = 10;
    private static final int KILLS = 25;

    @TempDir
    Path folder;

    private URLClassLoader loader() throws Exception {
        Map<String, String> sources = new HashMap<>();
        for (int i = 0; i < CLASSES; i++) {
            sources.put("app.C" + i, """
                    package app;

                    public class C%d implements java.util.concurrent.Callable<Object>, java.io.Serializable {
                        public record Result(int number, int next) implements java.io.Serializable {}

                        static int number() {
                            return %d;
                        }

                        public Object call() throws Exception {
                            int[] next = {-1};
                            Thread other = new Thread(() -> next[0] = C%d.number());
                            other.start();
                            other.join();
                            return new Result(number(), next[0]);
                        }
                    }
                    """.formatted(i, i, (i + 1) % CLASSES));
        }
        Path classes = Loaders.compile(folder, sources);
        return new URLClassLoader(new URL[] {Loaders.url(classes)}, getClass().getClassLoader());
    }

    private static void submitAll(ProcessPoolExecutor pool, ClassLoader loader, int first) throws Exception {
        List<PoolFuture<Object>> futures = new ArrayList<>();
        for (int i = 0; i < CLASSES; i++) {
            int number = (first + i) % CLASSES;
            @SuppressWarnings("unchecked")
            Callable<Object> task = (Callable<Object>)
                    loader.loadClass("app.C" + number).getConstructor().newInstance();
            futures.add(pool.with(TaskOptions.defaults().retries(1000)).submit(task));
        }
        for (int i = 0; i < CLASSES; i++) {
            int number = (first + i) % CLASSES;
            Object result = futures.get(i).get(Limits.LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(result).hasToString("Result[number=%d, next=%d]", number, (number + 1) % CLASSES);
            assertThat(result.getClass().getClassLoader()).isSameAs(loader);
        }
    }

    /** Only those that are at work: one that is still starting asks for nothing. */
    private static boolean killOne(ProcessPoolExecutor pool, int turn) {
        List<WorkerInfo> atWork = pool.workers().stream()
                .filter(worker -> worker.state() == WorkerInfo.State.BUSY)
                .toList();
        return !atWork.isEmpty()
                && ProcessHandle.of(atWork.get(turn % atWork.size()).pid())
                        .map(ProcessHandle::destroyForcibly)
                        .orElse(false);
    }

    @Test
    void workers_are_killed_while_they_ask() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (URLClassLoader loader = loader();
                ProcessPoolExecutor pool = ProcessPoolExecutor.builder()
                        .workers(4)
                        .heapSize(64 << 20)
                        .output(WorkerOutput.discard())
                        .build()) {
            AtomicInteger killed = new AtomicInteger();
            List<Future<Void>> done = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int first = i * CLASSES / THREADS;
                done.add(threads.submit(() -> {
                    do {
                        submitAll(pool, loader, first);
                    } while (killed.get() < KILLS);
                    return null;
                }));
            }
            while (killed.get() < KILLS && done.stream().noneMatch(Future::isDone)) { // one that is done now has failed
                Thread.sleep(100);
                if (killOne(pool, killed.get())) {
                    killed.incrementAndGet();
                }
            }
            for (Future<Void> future : done) {
                future.get();
            }
            assertThat(pool.stats().rescued()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }
}
