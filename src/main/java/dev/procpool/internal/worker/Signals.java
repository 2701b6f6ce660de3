package dev.procpool.internal.worker;

import org.jspecify.annotations.Nullable;

/** The names of signals by their numbers, as on Linux; those up to 15 that matter are the same on all Unix systems. */
final class Signals {
    private static final String[] NAMES = {
        "",
        "SIGHUP",
        "SIGINT",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGKILL",
        "SIGUSR1",
        "SIGSEGV",
        "SIGUSR2",
        "SIGPIPE",
        "SIGALRM",
        "SIGTERM",
        "SIGSTKFLT",
        "SIGCHLD",
        "SIGCONT",
        "SIGSTOP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGURG",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGVTALRM",
        "SIGPROF",
        "SIGWINCH",
        "SIGIO",
        "SIGPWR",
        "SIGSYS"
    };

    /** Real-time signals included. */
    private static final int LAST = 64;

    private Signals() {}

    /**
     * The signal that this exit code stands for, or null if it stands for none: -1, which the system reports as 255, is
     * a code like any other.
     */
    static @Nullable String ofExitCode(int exitCode) {
        return nameOf(exitCode - 128);
    }

    /** The name of the signal of this number, or null if there is none. */
    static @Nullable String nameOf(int number) {
        if (number < 1 || number > LAST) {
            return null;
        }
        return number < NAMES.length ? NAMES[number] : "signal " + number;
    }
}
