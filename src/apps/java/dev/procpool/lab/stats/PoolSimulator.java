package dev.procpool.lab.stats;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.PriorityQueue;

/**
 * A discrete-event model of the pool: one parent that encodes and sends calls and takes replies one at a time, and
 * workers that hold one running call and one in waiting, which an idle worker may take over.
 *
 * <pre>
 *   waiting line ──send──▶ worker: [waiting call] [running call] ──reply──▶ parent
 *                 parent: one server, replies first, then idle workers, then windows, then theft
 * </pre>
 *
 * It has a core for the parent and one for each worker, so it says nothing about machines with fewer cores than that, nor
 * about caches, memory bandwidth or hyper-threads: those are in the service times or nowhere.
 */
public final class PoolSimulator {
    /**
     * What the pool charges, all in seconds.
     *
     * @param dispatch the parent's work for one task: half to send it, half to take its reply
     * @param encode the parent's work to turn one task into bytes, beyond that
     * @param wakeUp the latency from sending a call to an idle worker until it runs; it may hold the latency at the end of a
     *     batch as well, if workers are idle only before it
     * @param between the worker's own work from the end of a task to the start of the next one that waits there
     * @param copyPerByte the parent's work for one byte of argument or result
     */
    public record Costs(double dispatch, double encode, double wakeUp, double between, double copyPerByte) {
        /** A pool that costs nothing. */
        public static final Costs NONE = new Costs(0, 0, 0, 0, 0);

        /** The same pool for other tasks, which take more to encode, to start and to follow one another. */
        public Costs ofTasks(double encode, double wakeUp, double between) {
            return new Costs(dispatch, encode, wakeUp, between, copyPerByte);
        }
    }

    /**
     * What came out.
     *
     * @param elapsed seconds from the first send to the last reply
     * @param parentBusy the fraction of that time in which the parent worked, 0 to 1
     * @param efficiency the fraction of the workers' time spent in tasks, 0 to 1
     */
    public record Result(double elapsed, double parentBusy, double efficiency) {}

    private static final int WINDOW = 2;

    private final Costs costs;
    private final double[] service;
    private final double bytesPerTask;
    private final Worker[] workers;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private double now;
    private long eventsSoFar;
    private int sent;

    /** Of all workers. */
    private int calls;

    private int unreadReplies;
    private int repliesRead;
    private boolean parentWorks;
    private double parentSeconds;

    private PoolSimulator(Costs costs, int workers, double[] service, double bytesPerTask) {
        this.costs = costs;
        this.service = service;
        this.bytesPerTask = bytesPerTask;
        this.workers = new Worker[workers];
        Arrays.setAll(this.workers, i -> new Worker());
    }

    /**
     * Runs one batch through the model.
     *
     * @param costs what the pool charges
     * @param workers how many workers, at least 1
     * @param service seconds that each task computes, in the order of submission; at least one task
     * @param bytesPerTask bytes of argument and result of one task
     */
    public static Result run(Costs costs, int workers, double[] service, double bytesPerTask) {
        return new PoolSimulator(costs, workers, service, bytesPerTask).run();
    }

    private Result run() {
        parentLooksForWork();
        while (repliesRead < service.length) {
            Event event = events.remove();
            now = event.time;
            event.action.run();
            parentLooksForWork();
        }
        double computed = Arrays.stream(service).sum();
        return new Result(now, parentSeconds / now, computed / (now * workers.length));
    }

    private void parentLooksForWork() {
        if (parentWorks) {
            return;
        }
        if (unreadReplies > 0) {
            unreadReplies--;
            parentWorks(costs.dispatch / 2, () -> repliesRead++);
            return;
        }
        if (calls == WINDOW * workers.length) {
            return;
        }
        Worker receiver = leastLoaded();
        if (sent < service.length && receiver.calls < WINDOW) {
            send(service[sent++], receiver);
        } else if (receiver.calls == 0) {
            takeBackWaitingCall().ifPresent(call -> send(call, receiver));
        }
    }

    private void send(double call, Worker receiver) {
        receiver.calls++;
        calls++;
        parentWorks(costs.dispatch / 2 + costs.encode + costs.copyPerByte * bytesPerTask, () -> arrive(call, receiver));
    }

    private void parentWorks(double seconds, Runnable then) {
        parentWorks = true;
        parentSeconds += seconds;
        after(seconds, () -> {
            parentWorks = false;
            then.run();
        });
    }

    private void arrive(double call, Worker worker) {
        if (worker.busy) {
            worker.waiting = OptionalDouble.of(call);
        } else {
            worker.busy = true;
            after(costs.wakeUp + call, () -> finish(worker));
        }
    }

    private void finish(Worker worker) {
        unreadReplies++;
        worker.calls--;
        calls--;
        worker.busy = worker.waiting.isPresent();
        worker.waiting.ifPresent(call -> after(costs.between + call, () -> finish(worker)));
        worker.waiting = OptionalDouble.empty();
    }

    private Worker leastLoaded() {
        Worker least = workers[0];
        for (Worker worker : workers) {
            if (worker.calls == 0) {
                return worker;
            }
            if (worker.calls < least.calls) {
                least = worker;
            }
        }
        return least;
    }

    private OptionalDouble takeBackWaitingCall() {
        for (Worker worker : workers) {
            if (worker.waiting.isPresent()) {
                OptionalDouble call = worker.waiting;
                worker.waiting = OptionalDouble.empty();
                worker.calls--;
                calls--;
                return call;
            }
        }
        return OptionalDouble.empty();
    }

    private void after(double seconds, Runnable action) {
        events.add(new Event(now + seconds, eventsSoFar++, action));
    }

    /** Events at the same time happen in the order in which they were planned. */
    private record Event(double time, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Double.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final class Worker {
        /** Calls sent, being sent, waiting or running here. */
        private int calls;

        private boolean busy;
        private OptionalDouble waiting = OptionalDouble.empty();
    }
}
