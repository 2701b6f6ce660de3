package dev.procpool.soak;

/** The ways in which a thread waits for tasks. */
public enum Way {
    /** {@code get}, one task after the other. */
    GET,
    /** {@code get} with a time-out that is often too short, again and again. */
    GET_WITH_TIMEOUT,
    /** {@code join}, one task after the other. */
    JOIN,
    /** Callbacks; the thread itself never touches the futures. */
    CALLBACK,
    /** A callback that joins the next future. A thread pool may deadlock on that: it takes the thread of a task. */
    CALLBACK_THAT_JOINS,
    /** Many tasks at once, then each or all of them are awaited. */
    BURST,
    /** {@code invokeAll}. */
    INVOKE_ALL,
    /** {@code invokeAny}. */
    INVOKE_ANY,
    /** A stream of results in order. */
    MAP,
    /** A stream of results as they come. */
    UNORDERED_MAP,
    /** {@code Futures.asCompleted}. */
    AS_COMPLETED,
    /** Arguments and results of 300 KB and 3 MB among tiny ones. */
    BIG_AND_TINY,
    /** {@code cancel} while the task may be waiting, running, or done. */
    CANCEL
}
