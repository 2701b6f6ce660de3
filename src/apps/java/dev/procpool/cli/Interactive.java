package dev.procpool.cli;

import java.io.Console;
import java.lang.reflect.Method;

/** Tells whether somebody is watching. */
final class Interactive {
    private Interactive() {}

    /** Whether standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // what a console means since JDK 22 is asked for below
    static boolean terminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try { // since JDK 22 there is a console even without a terminal
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
