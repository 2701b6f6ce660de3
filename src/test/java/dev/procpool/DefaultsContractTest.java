package dev.procpool;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The contract, for an executor that implements no more than it must: the default methods do the rest. */
class DefaultsContractTest extends QueueingExecutorContract {
    @Override
    TaskExecutor create(int workers) {
        return new Minimal(TaskExecutor.threads(workers));
    }

    private record Minimal(TaskExecutor threads) implements TaskExecutor {
        @Override
        public <T> PoolFuture<T> submit(Callable<T> task) {
            return threads.submit(task);
        }

        @Override
        public <T> PoolFuture<T> submit(Runnable task, T result) {
            return threads.submit(task, result);
        }

        @Override
        public TaskExecutor with(TaskOptions options) {
            return new Minimal(threads.with(options));
        }

        @Override
        public int parallelism() {
            return threads.parallelism();
        }

        @Override
        public void shutdown() {
            threads.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return threads.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return threads.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return threads.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return threads.awaitTermination(timeout, unit);
        }

        /** A callback may close the executor that calls it; whether that is the case, only the executor knows. */
        @Override
        public void close() {
            threads.close();
        }
    }
}
