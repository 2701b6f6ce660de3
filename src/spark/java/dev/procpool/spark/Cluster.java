package dev.procpool.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.AsyncRDDActions;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;
import scala.concurrent.ExecutionContext;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** What {@link Leases} need of Spark: slots, jobs, and messages from executors. */
final class Cluster {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int TICK_MILLIS = 100;

    private final JavaSparkContext context;
    private final boolean owned;
    private final int cores;
    private final String endpointName = "procpool-" + NUMBERS.incrementAndGet();
    private final ScheduledExecutorService clock;
    private final Runnable atEnd;

    private @Nullable RpcEndpointRef endpoint;
    private @Nullable Executor threads;
    private volatile int slots = 1;

    /**
     * Uses a context.
     *
     * @param owned whether to stop it at the end
     * @param cores how many slots to use; 0 for all that there are
     * @param atEnd what to do when all is over
     */
    Cluster(JavaSparkContext context, boolean owned, int cores, Runnable atEnd) {
        this.context = context;
        this.owned = owned;
        this.cores = cores;
        this.atEnd = atEnd;
        ScheduledThreadPoolExecutor ticker = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, endpointName + "-clock", 0, false);
            thread.setDaemon(true);
            return thread;
        });
        clock = ticker;
        countSlots();
    }

    /** From now on executors can talk to {@code leases}. */
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the clock
    void open(Leases leases, Executor threads) {
        this.threads = threads;
        RpcEnv env = SparkEnv.get().rpcEnv();
        endpoint = env.setupEndpoint(endpointName, new Endpoint(env, leases));
        clock.scheduleWithFixedDelay(() -> tick(leases), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick(Leases leases) {
        countSlots();
        leases.tick();
    }

    /** How many leases there can be at the same time; as of the last tick, for asking Spark takes its time. */
    int slots() {
        return slots;
    }

    private void countSlots() {
        slots = cores > 0
                ? cores
                : Math.max(
                        1,
                        context.sc().getExecutorIds().size() * context.getConf().getInt("spark.executor.cores", 1));
    }

    /** Starts the job of a lease, and tells the endpoint when it is over. */
    void startJob(long lease, Consumer<FutureAction<?>> started) {
        try {
            // Of this thread alone: the jobs of others are none of our business.
            context.setLocalProperty("spark.job.interruptOnCancel", "true");
            context.setLocalProperty("spark.scheduler.pool", endpointName);
            context.setJobDescription(endpointName + ", lease " + lease);
            ClassTag<Long> type = ClassTag.apply(Long.class);
            RDD<Long> slot = context.parallelize(List.of(lease), 1).rdd();
            FutureAction<BoxedUnit> job =
                    new AsyncRDDActions<>(slot, type).foreachPartitionAsync(new LeaseJob(endpointName));
            job.onComplete(new Tell(lease), ExecutionContext.fromExecutor(Objects.requireNonNull(threads)));
            started.accept(job);
        } catch (RuntimeException e) { // the context is stopped
            tell(new Over(lease, e));
        }
    }

    /**
     * In the order of the executors' own messages: a last report that is on its way counts first. Once the context is
     * stopped, nobody listens; {@link Leases#tick} sees that.
     */
    private void tell(Over over) {
        if (!isStopped()) {
            Objects.requireNonNull(endpoint).send(over);
        }
    }

    boolean isStopped() {
        return context.sc().isStopped();
    }

    void close() {
        clock.shutdownNow();
        if (!isStopped()) {
            SparkEnv.get().rpcEnv().stop(Objects.requireNonNull(endpoint));
        }
        if (owned) {
            context.stop();
        }
        atEnd.run();
    }

    @Override
    public String toString() {
        return context.master();
    }

    /** A lease's job has ended. */
    private record Over(long lease, @Nullable Throwable failure) implements Serializable {}

    private final class Tell extends AbstractFunction1<Try<BoxedUnit>, Object> {
        private final long lease;

        Tell(long lease) {
            this.lease = lease;
        }

        @Override
        public Object apply(Try<BoxedUnit> outcome) {
            tell(new Over(lease, outcome.isSuccess() ? null : outcome.failed().get()));
            return BoxedUnit.UNIT;
        }
    }

    /** Where executors call. Spark handles one message after the other. */
    private static final class Endpoint implements ThreadSafeRpcEndpoint {
        private final RpcEnv env;
        private final Leases leases;

        Endpoint(RpcEnv env, Leases leases) {
            this.env = env;
            this.leases = leases;
        }

        @Override
        public RpcEnv rpcEnv() {
            return env;
        }

        @Override
        public PartialFunction<Object, BoxedUnit> receive() {
            return new Handler<>(Over.class, over -> leases.over(over.lease(), over.failure()));
        }

        @Override
        public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext caller) {
            return new Handler<>(Ask.class, ask -> leases.asked(ask, caller));
        }
    }

    private static final class Handler<M> extends AbstractPartialFunction<Object, BoxedUnit> {
        private final Class<M> type;
        private final Consumer<M> action;

        Handler(Class<M> type, Consumer<M> action) {
            this.type = type;
            this.action = action;
        }

        @Override
        public boolean isDefinedAt(Object message) {
            return type.isInstance(message);
        }

        @Override
        public BoxedUnit apply(Object message) {
            action.accept(type.cast(message));
            return BoxedUnit.UNIT;
        }
    }
}
