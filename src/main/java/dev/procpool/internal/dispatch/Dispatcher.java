package dev.procpool.internal.dispatch;

import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.worker.Death;
import dev.procpool.internal.worker.WorkerFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides which worker gets which call, when workers start and end, and what becomes of the calls of one that dies.
 *
 * <p>One lock guards all of it; it is held for the time it takes to copy a small frame. Nothing foreign runs under it:
 * futures are completed, pipes written, processes started and killed after it was let go. Lock order: a worker's consumer
 * lock is never held when this one is taken, nor the other way round.
 *
 * <pre>
 *  RUNNING ──shutdown──▶ SHUTDOWN ──nothing left to do──▶ ENDING ──last worker has ended──▶ TERMINATED
 *     │                     ▲                              ▲
 *     │                     └── broken: nothing is accepted, all that waited has failed
 *     └──────────────────────────shutdownNow───────────────┘
 * </pre>
 */
public final class Dispatcher {
    private enum State {
        RUNNING,
        SHUTDOWN,
        ENDING,
        TERMINATED
    }

    /**
     * To start a JVM keeps one core busy. More starts than cores only make all of them late: short work is better done by
     * the first workers than by all of them much later.
     */
    private static final int STARTS_AT_ONCE = Runtime.getRuntime().availableProcessors();

    /** Few pools have more workers, and rarely is more than one to be woken. */
    private static final int ROOM_FOR_RINGS = 64;

    private final PoolSettings settings;
    private final WorkerFactory factory;
    private final ThreadPoolExecutor threads;
    private final Payload preparation;
    private final Function<BrokenReason, RejectedExecutionException> brokenException;
    private final Monitor monitor;
    private final CountDownLatch terminated = new CountDownLatch(1);

    final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock:
    private final Roster roster = new Roster();
    private final Placement placement;
    private final RestartPolicy restarts = new RestartPolicy();
    private State state = State.RUNNING;
    private @Nullable BrokenReason broken;
    /** How many workers there shall be, up to the target: grows with demand, falls when they are idle. */
    private int wanted;

    /** Whether something may have been left undone for lack of memory; not guarded. */
    private volatile boolean recheck;

    private int lastWorkerId;
    private long submitted;
    private long retried;
    private long workersStarted;
    private long workersCrashed;
    private long workersRecycled;
    private long rescued;

    private final LongAdder linesDropped = new LongAdder();

    /**
     * Makes a dispatcher; workers start when there is something to do.
     *
     * @param preparation the body of the first call of each new worker
     * @param brokenException what {@link #submit} throws when the pool is broken
     */
    public Dispatcher(
            PoolSettings settings,
            WorkerFactory factory,
            Monitor.Limits limits,
            Payload preparation,
            Function<BrokenReason, RejectedExecutionException> brokenException) {
        FullHeap.prepare();
        this.settings = settings;
        this.factory = factory;
        this.threads = factory.threads();
        this.preparation = preparation;
        this.brokenException = brokenException;
        this.placement = new Placement(
                roster,
                settings,
                lock,
                (window, call, body) -> elsewhere(() -> feed(window, call, body)),
                this::shortOfMemory);
        this.monitor = new Monitor(this, settings, limits);
    }

    // ---- submitting -------------------------------------------------------------------------------------------------

    /**
     * Takes a call; blocks while the waiting line is full.
     *
     * @param body its encoding; the caller may use it again when this method has returned
     * @throws RejectedExecutionException after shutdown, or if the pool is broken
     */
    public void submit(Call call, Payload body) throws InterruptedException {
        Window window = null;
        boolean ring = false;
        boolean stream = false;
        boolean accepted = false;
        lock.lock();
        try {
            awaitRoom();
            monitor.ensureRunning();
            if (call.timeoutNanos > 0) {
                monitor.expectTimeout(call.timeoutNanos);
            }
            if (call.mayStartAgain()) {
                call.payload = body.detach();
            }
            window = placement.choose(body);
            if (window == null) {
                if (call.payload == null) {
                    call.payload = body.detach();
                }
                placement.addLast(call);
            } else {
                ring = window.append(call, body);
                stream = window.streaming;
            }
            accepted = true;
            submitted++;
            if (wanted < placement.target()) {
                startOnDemand();
            }
        } catch (OutOfMemoryError e) {
            if (!accepted) {
                throw e;
            }
            monitor.wake(); // it starts what is missing
        } finally {
            lock.unlock();
        }
        if (window != null && ring) {
            window.ring();
        }
        if (window != null && stream) {
            feed(window, call, body);
        }
    }

    private void awaitRoom() throws InterruptedException {
        while (true) {
            if (broken != null) {
                throw brokenException.apply(broken);
            }
            if (state != State.RUNNING) {
                throw new RejectedExecutionException(settings.name() + " has been shut down");
            }
            if (placement.hasRoom()) {
                return;
            }
            placement.awaitRoom();
        }
    }

    /** Writes the body of a long call, outside of the lock, while the child reads it. */
    private void feed(Window window, Call call, Payload body) {
        boolean complete = window.stream(body);
        FullHeap.outlast(() -> endFeed(window, call, body, complete));
    }

    private void endFeed(Window window, Call call, Payload body, boolean complete) {
        List<Window> rings = rings();
        @Nullable Runnable lost = null;
        boolean ended;
        lock.lock();
        try {
            if (call.window == window && !complete && !window.hasClaimed(call.number)) {
                call.payload = body.detach(); // the worker is being killed; its ring holds only a part
            }
            window.endStream(body);
            ended = window.state == Window.State.ENDED;
            if (ended) {
                placement.requeue(
                        window.withdrawAll()); // its end was reported while we were writing, and left this to us
                release(window);
                startMissing();
                placement.fillIdle(rings);
                lost = giveUpLine();
            } else {
                placement.fill(window, rings);
            }
            checkEnd(); // the call that was being written may have been taken back, and have been the last one
        } finally {
            lock.unlock();
        }
        ringAll(rings);
        run(lost);
        if (ended) {
            window.later(window.leftAfterStream);
        }
    }

    // ---- moving calls, under the lock -------------------------------------------------------------------------------

    /** A worker has answered: gives it more to do. */
    void refill(Window window) {
        List<Window> rings = null;
        lock.lock();
        try {
            if (!placement.isAnyWaiting() && window.outstanding() > 0) {
                return;
            }
            rings = new ArrayList<>(2);
            if (window.outstanding() == 0) {
                window.idleSince = System.nanoTime();
                if (window.callsLeft <= 0 && window.state == Window.State.READY) {
                    recycle(window);
                    placement.fillIdle(rings);
                } else if (window.state == Window.State.RETIRING) {
                    placement.fillIdle(rings);
                }
            }
            placement.fill(window, rings);
            checkEnd();
        } finally {
            lock.unlock();
        }
        ringAll(rings);
    }

    /**
     * When no worker will come for them any more: takes all calls out of the line.
     *
     * @return what completes them, to be run outside of the lock; null if there is nothing to do
     */
    private @Nullable Runnable giveUpLine() {
        BrokenReason reason = broken;
        if (reason == null && state != State.ENDING && state != State.TERMINATED) {
            return null;
        }
        List<Call> calls = placement.takeAll();
        return () -> FullHeap.outlast(() -> {
            for (Call call : calls) {
                if (reason != null) {
                    call.broken(reason);
                } else {
                    call.cancelled();
                }
                call.settle();
            }
        });
    }

    private static void run(@Nullable Runnable step) {
        if (step != null) {
            step.run();
        }
    }

    /** With room for those that have to be woken: adding one must not fail for lack of memory. */
    private static List<Window> rings() {
        return new ArrayList<>(ROOM_FOR_RINGS);
    }

    private static void ringAll(@Nullable List<Window> rings) {
        if (rings != null) {
            for (int i = 0; i < rings.size(); i++) {
                rings.get(i).ring();
            }
        }
    }

    // ---- workers ----------------------------------------------------------------------------------------------------

    /** Asks for one more worker for each call that has none to itself. */
    private void startOnDemand() {
        int calls = placement.waiting() + roster.outstanding();
        wanted = Math.max(wanted, Math.min(placement.target(), calls));
        startMissing();
    }

    /** Brings the workers up to {@link #wanted}. */
    void startMissing() {
        boolean over = state == State.ENDING || state == State.TERMINATED || broken != null;
        if (over || (state == State.SHUTDOWN && !placement.isAnyWaiting())) {
            return;
        }
        for (int missing = wanted - roster.live(); missing > 0; missing--) {
            long now = System.nanoTime();
            if (restarts.pauseNanos(now) > 0 || roster.starting(now) >= STARTS_AT_ONCE) {
                return; // the monitor comes back to it, or whoever is ready
            }
            Window window = new Window(this, threads, settings.callsPerWorker());
            int id = lastWorkerId + 1;
            Runnable start = () -> start(window, id); // what may find no memory comes before anything changes
            roster.windows.add(window);
            lastWorkerId = id;
            elsewhere(start);
        }
    }

    private void start(Window window, int id) {
        if (window.startFailure == null && !window.hasWorker()) {
            try {
                if (isUnwantedByNow(window)) {
                    return;
                }
                FirstCall first = new FirstCall(this, window, preparation);
                window.first = first;
                factory.start(id, block -> window.prepare(block, first), window);
            } catch (IOException | RuntimeException | Error e) {
                window.startFailure = e; // before anything that may fail in its turn
            }
        }
        Throwable failure = window.startFailure;
        if (failure != null) {
            couldNotStart(window, failure);
        } else {
            killIfUnwanted(window);
        }
    }

    /** The pool may have come to its end while the process was started. */
    private void killIfUnwanted(Window window) {
        lock.lock();
        try {
            if (window.state == Window.State.KILLED) {
                killAgain(window);
            }
        } finally {
            lock.unlock();
        }
    }

    private void couldNotStart(Window window, Throwable why) {
        boolean ofTheMoment = FullHeap.isCauseOf(why); // that says nothing about workers
        lock.lock();
        try {
            if (roster.windows.remove(window)) {
                window.state = Window.State.ENDED;
                if (!ofTheMoment) {
                    restarts.failed(System.nanoTime());
                }
            }
        } finally {
            lock.unlock();
        }
        if (ofTheMoment) {
            recheck = true;
            monitor.wake();
        } else {
            afterFailedStart("it could not be started: " + why, why);
        }
    }

    /** Something was left undone for lack of memory: the monitor sees to it that nothing waits for it for ever. */
    void shortOfMemory(OutOfMemoryError why) {
        recheck = true;
        FullHeap.seen();
        DeliveryQueue.report(why);
    }

    /** Under the lock: does what may have been left undone. */
    void recheck() {
        if (recheck) {
            recheck = false;
            startMissing();
            fillIdle();
            Runnable lost = giveUpLine();
            if (lost != null) {
                elsewhere(lost);
            }
            checkEnd();
        }
    }

    /** Whether the pool has come to its end before the process was started. */
    private boolean isUnwantedByNow(Window window) {
        lock.lock();
        try {
            if (window.state != Window.State.KILLED) {
                return false;
            }
            roster.windows.remove(window);
            window.state = Window.State.ENDED;
            checkEnd();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The first call of a worker was answered: it is ready. */
    void ready(Window window) {
        List<Window> rings = rings();
        lock.lock();
        try {
            if (window.state == Window.State.STARTING) {
                becomeReady(window);
                placement.fill(window, rings);
                startMissing();
                retireSurplus();
                checkEnd();
            }
        } finally {
            lock.unlock();
        }
        ringAll(rings);
    }

    private void becomeReady(Window window) {
        window.state = Window.State.READY;
        window.idleSince = System.nanoTime();
        workersStarted++;
        restarts.succeeded();
    }

    /** Its last words may be that it is ready; then whoever took them may not have come to it. */
    private void settleStart(Window window) {
        FirstCall first = window.first;
        if (window.state == Window.State.STARTING && window.answered() > 0 && first != null) {
            window.failure = first.failure();
            if (window.failure == null) {
                becomeReady(window);
            }
        }
    }

    /** The first call of a worker has failed: it can't be used. */
    void notReady(Window window, String why) {
        lock.lock();
        try {
            window.failure = why;
            kill(window, Death.Cause.EXIT, why);
        } finally {
            lock.unlock();
        }
    }

    /** Tries again, or gives up: then all that waits fails, and so does all that is submitted later. */
    private void afterFailedStart(String why, @Nullable Throwable cause) {
        @Nullable Runnable lost = null;
        lock.lock();
        try {
            if (restarts.isExhausted(System.nanoTime()) && !roster.isAnyReady() && broken == null) {
                broken = BrokenReason.noStart(restarts.failures(), why, cause);
                placement.signalRoom();
                lost = giveUpLine();
                for (Window window : roster.windows) {
                    if (window.state == Window.State.STARTING) {
                        kill(window, Death.Cause.SHUTDOWN, null);
                    }
                }
            } else {
                startMissing();
            }
            checkEnd();
        } finally {
            lock.unlock();
        }
        run(lost);
        monitor.wake();
    }

    /** Under the lock: a worker gets nothing more and ends after what it has claimed. */
    private void retire(Window window) {
        placement.requeue(window.withdrawAll());
        window.state = Window.State.RETIRING;
        window.idleSince = 0;
        window.controlBlock().retire();
        if (window.mustRing()) {
            elsewhere(window.ring);
        }
    }

    /** A worker has begun to end by itself: it gets nothing more, and another one starts in its place. */
    void exiting(Window window) {
        List<Window> rings = rings();
        lock.lock();
        try {
            if (window.state == Window.State.READY) {
                window.exitingSince = System.nanoTime();
                placement.requeue(window.withdrawAll());
                window.state = Window.State.RETIRING;
                window.idleSince = 0;
                startMissing();
                placement.fillIdle(rings);
            }
        } finally {
            lock.unlock();
        }
        ringAll(rings);
    }

    private void recycle(Window window) {
        workersRecycled++;
        retire(window);
        startMissing();
    }

    /** Under the lock: no further claims, everything unclaimed goes to others, and the process is killed. */
    void kill(Window window, Death.Cause cause, @Nullable String detail) {
        if (window.state == Window.State.KILLED || window.state == Window.State.ENDED) {
            return;
        }
        window.state = Window.State.KILLED;
        window.killDetail = detail; // first: whoever sees the cause reads it
        window.killCause = cause;
        if (window.hasWorker()) {
            placement.requeue(window.withdrawAll());
            killAgain(window);
        }
    }

    /** Kills the process of a window that has been given up; for the monitor as well, since the first try may fail. */
    void killAgain(Window window) {
        window.killedAt = System.nanoTime();
        elsewhere(window.kill);
    }

    /** Workers that are too many end: first those that are only starting, the youngest first, then the idle ones. */
    private void retireSurplus() {
        for (int i = roster.windows.size() - 1; i >= 0 && roster.live() > wanted; i--) {
            Window window = roster.windows.get(i);
            if (window.state == Window.State.STARTING && roster.isAnyReady()) {
                kill(window, Death.Cause.SHUTDOWN, null);
            }
        }
        for (boolean onlyIdle : new boolean[] {true, false}) {
            for (Window window : List.copyOf(roster.windows)) {
                if (roster.live() > wanted && window.state == Window.State.READY && (!onlyIdle || window.isIdle())) {
                    retire(window);
                }
            }
        }
    }

    /**
     * A worker has ended, all its replies were taken out: settles what it leaves behind. If that fails for lack of memory
     * it is called again.
     */
    void ended(Window window, Death death) {
        List<Window> rings = rings();
        @Nullable Runnable lost = null;
        boolean failedStart;
        lock.lock();
        try {
            settleStart(window);
            failedStart = (window.answered() == 0 || window.failure != null) && death.cause() != Death.Cause.SHUTDOWN;
            settleCalls(window, death);
            if (roster.leave(window) && failedStart) {
                countFailedStart(death);
            }
            if (!window.streaming) {
                release(window);
            }
            startMissing();
            placement.fillIdle(rings);
            lost = giveUpLine();
            checkEnd();
        } finally {
            lock.unlock();
        }
        ringAll(rings);
        run(lost);
        if (!window.leftBehind) {
            window.leftBehind = true;
            window.later(window.left);
        }
        if (failedStart) {
            afterFailedStart(window.failure != null ? window.failure : describe(death), null);
        }
        monitor.wake();
    }

    private void countFailedStart(Death death) {
        factory.distrustArchive();
        if (death.wasKilledFromOutside()) {
            restarts.killed(System.nanoTime());
        } else {
            restarts.failed(System.nanoTime());
        }
    }

    /** Takes all calls from a worker that has ended, and sees to what becomes of those that it was running. */
    private void settleCalls(Window window, Death death) {
        List<Call> victims = window.claimedUnanswered();
        placement.requeue(window.withdrawAll());
        boolean isCounted = window.state == Window.State.ENDED;
        window.state = Window.State.ENDED;
        if (window.answered() == 0 || window.failure != null) {
            return; // it never got any
        }
        boolean inTheMiddle = !victims.isEmpty() && death.cause() == Death.Cause.RETIRED;
        workersCrashed += !isCounted && (death.cause().isCrash() || inTheMiddle) ? 1 : 0;
        for (Call victim : victims) {
            long since = window.runningSince(victim);
            victim.died(window.controlBlock().item(), since == 0 ? 0 : System.nanoTime() - since);
            settle(window, victim, death);
            window.settled(victim);
        }
    }

    /** All that a worker leaves behind has been delivered. */
    void left(Window window) {
        lock.lock();
        try {
            if (!window.streaming && roster.leaving.remove(window)) {
                checkEnd();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What becomes of a call that was running when its worker died: it is started again, or there is a verdict. */
    private void settle(Window window, Call victim, Death death) {
        Payload payload = victim.payload;
        if (victim.isAbandoned()) {
            victim.settle();
        } else if (death.cause() == Death.Cause.SHUTDOWN) {
            window.later(victim.givenUp());
        } else if (victim.forgive(death) && payload != null && state != State.ENDING && broken == null) {
            retried++;
            victim.startAgain(payload);
            placement.addLast(victim); // behind those that have taken no worker with them
        } else {
            window.later(victim.condemned());
        }
    }

    private static String describe(Death death) {
        String how = death.cause() == Death.Cause.START_TIMEOUT
                ? "it was not ready in time (" + death.detail() + ")"
                : death.detail() != null
                        ? "it was killed: " + death.detail()
                        : death.signal() != null
                                ? "it was ended by " + death.signal()
                                : "it ended with exit code " + death.exitCode();
        String words = death.stderrTail().isEmpty() ? "; it printed nothing" : "; it printed:\n" + death.stderrTail();
        return how + words;
    }

    private void release(Window window) {
        if (window.released) {
            return;
        }
        window.released = true;
        try {
            factory.release(window.worker());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the control block of a dead worker could not be closed", e);
        }
    }

    // ---- cancelling -------------------------------------------------------------------------------------------------

    /** A call was cancelled: takes it back if it has not started; else, if asked to, kills the worker that runs it. */
    public void cancel(Call call, boolean mayInterrupt) {
        List<Window> rings = rings();
        lock.lock();
        try {
            Window window = call.window;
            if (window == null) {
                placement.cancelledInLine();
            } else if (window.streaming && call.number == window.allowed && window.withdrawStreamed() == call) {
                call.settle();
            } else if (window.state != Window.State.ENDED) { // then its control block may be another worker's by now
                cancel(call, window, mayInterrupt, rings);
            }
            checkEnd(); // it may have been the last one
        } finally {
            lock.unlock();
        }
        ringAll(rings);
    }

    private void cancel(Call call, Window window, boolean mayInterrupt, List<Window> rings) {
        if (!window.hasClaimed(call.number)) {
            List<Call> taken = window.withdraw(call.number);
            if (taken.remove(call)) {
                call.settle();
            }
            placement.requeue(taken);
            placement.fill(window, rings);
            placement.fillIdle(rings);
        }
        if (mayInterrupt && window.sealIfRunning(call)) {
            kill(window, Death.Cause.CANCEL, null);
            startMissing();
            placement.fillIdle(rings);
        }
    }

    // ---- ending -----------------------------------------------------------------------------------------------------

    /** Takes no more calls; what was accepted is still done. */
    public void shutdown() {
        lock.lock();
        try {
            if (state == State.RUNNING) {
                state = State.SHUTDOWN;
                placement.signalRoom();
                checkEnd();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more calls and ends at once: workers are killed, or asked to end by SIGTERM first.
     *
     * @return the calls that never started; those that run are cancelled
     */
    public List<Call> shutdownNow(boolean politely) {
        List<Call> never = new ArrayList<>();
        List<Call> running = new ArrayList<>();
        lock.lock();
        try {
            state = state == State.TERMINATED ? state : State.ENDING;
            placement.signalRoom();
            for (Window window : List.copyOf(roster.windows)) {
                if (window.hasWorker()) {
                    Call streamed = window.withdrawStreamed();
                    if (streamed != null) {
                        never.add(streamed);
                    }
                    placement.requeue(window.withdrawAll());
                    Call call = window.running();
                    if (call != null && window.answered() > 0) {
                        running.add(call);
                    }
                }
                if (politely && window.hasWorker() && window.state == Window.State.READY) {
                    window.state = Window.State.RETIRING;
                    window.idleSince = 0;
                    window.terminating = true;
                    window.controlBlock().retire();
                    elsewhere(window.worker()::terminate);
                } else {
                    kill(window, Death.Cause.SHUTDOWN, null);
                }
            }
            never.addAll(placement.takeAll());
            checkEnd();
        } finally {
            lock.unlock();
        }
        never.removeIf(Call::settleIfAbandoned);
        running.forEach(Call::cancelled);
        monitor.wake();
        return never;
    }

    /** Under the lock: goes one step further towards the end if there is nothing left to do. */
    void checkEnd() {
        if (state == State.SHUTDOWN && broken == null && (placement.isAnyWaiting() || roster.isAnythingOutstanding())) {
            return;
        }
        if (state == State.SHUTDOWN) {
            state = State.ENDING;
        }
        for (int i = 0; state == State.ENDING && i < roster.windows.size(); i++) {
            Window window = roster.windows.get(i);
            if (window.state == Window.State.READY) {
                retire(window);
            } else if (window.state == Window.State.STARTING) {
                kill(window, Death.Cause.SHUTDOWN, null);
            }
        }
        if (state == State.ENDING && roster.isEmpty()) {
            state = State.TERMINATED;
            try {
                factory.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("the pool's files could not be closed", e);
            } finally {
                monitor.wake();
                terminated.countDown();
                threads.setKeepAliveTime(1, TimeUnit.MILLISECONDS); // callbacks may still be on their way
            }
        }
    }

    /** Whether it takes calls. */
    public boolean isShutdown() {
        lock.lock();
        try {
            return state != State.RUNNING;
        } finally {
            lock.unlock();
        }
    }

    /** Whether all is done and every worker has ended. */
    public boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    /** Waits until {@link #isTerminated}. */
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        DeliveryQueue.aboutToBlock(); // a callback that waits for the end must not hold it up
        return terminated.await(timeout, unit);
    }

    // ---- the rest ---------------------------------------------------------------------------------------------------

    /** Sets how many workers may work at the same time. */
    public void resize(int workers) {
        List<Window> rings = rings();
        lock.lock();
        try {
            placement.setTarget(workers);
            wanted = Math.min(wanted, workers);
            retireSurplus();
            startOnDemand();
            placement.fillIdle(rings);
        } finally {
            lock.unlock();
        }
        ringAll(rings);
    }

    /** How many workers may work at the same time. */
    public int target() {
        lock.lock();
        try {
            return placement.target();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: whether there are calls, or places, for workers that are not there yet. */
    boolean isWaitingForWorkers() {
        return placement.isAnyWaiting() || (state == State.RUNNING && broken == null && roster.live() < wanted);
    }

    /** Has the archive made that lets later workers start faster, in the background. */
    void makeArchive() {
        elsewhere(factory::makeArchive);
    }

    /** Under the lock: gives waiting calls to workers that have become free by something else than an answer. */
    void fillIdle() {
        List<Window> rings = rings();
        placement.fillIdle(rings);
        if (!rings.isEmpty()) {
            elsewhere(() -> ringAll(rings));
        }
    }

    /** Under the lock: what waits behind a long call goes back to the line, before those that came later. */
    void freeUnclaimed(Window window) {
        placement.requeue(window.withdrawAll());
    }

    /** Under the lock: an idle worker has not been needed for a while. */
    void retireIdle(Window window) {
        wanted = Math.max(settings.minWorkers(), wanted - 1);
        retire(window);
    }

    /** Under the lock: a worker is replaced after the call that it runs. */
    void recycleSoon(Window window) {
        if (window.state == Window.State.READY) {
            recycle(window);
        }
    }

    void lineDropped() {
        linesDropped.increment();
    }

    /** Takes out the replies of a worker that nobody reads. */
    void rescue(Window window) {
        int before = window.answered();
        window.worker().takeUnread();
        lock.lock();
        try {
            rescued += FullHeap.wasLately() ? 0 : window.answered() - before; // then the reader was only late
        } finally {
            lock.unlock();
        }
    }

    Roster roster() {
        return roster;
    }

    /**
     * Does something that may take its time on a thread of its own; here, if the system has none left. If the heap is
     * full it is done again.
     */
    void elsewhere(Runnable step) {
        try {
            threads.execute(() -> FullHeap.outlast(step));
        } catch (OutOfMemoryError e) { // slow, and perhaps under the lock, but not left undone
            step.run();
        }
    }

    boolean isEnded() {
        return state == State.TERMINATED;
    }

    /**
     * Counters.
     *
     * @param submitted calls accepted
     * @param retried starts beyond the first
     * @param workersStarted workers that became ready
     * @param workersCrashed workers that died by themselves
     * @param workersRecycled workers replaced as planned
     * @param rescued calls whose replies nobody read until the monitor did
     * @param linesDropped lines that nobody took
     */
    public record Counts(
            long submitted,
            long retried,
            long workersStarted,
            long workersCrashed,
            long workersRecycled,
            long rescued,
            long linesDropped) {}

    /** The counters as they are now. */
    public Counts counts() {
        lock.lock();
        try {
            return new Counts(
                    submitted, retried, workersStarted, workersCrashed, workersRecycled, rescued, linesDropped.sum());
        } finally {
            lock.unlock();
        }
    }

    /** All workers that have a process, as they are now. */
    public List<Snapshot> snapshot() {
        lock.lock();
        try {
            return roster.snapshot();
        } finally {
            lock.unlock();
        }
    }
}
