package dev.procpool.bench;

import java.io.IOException;

/** The smallest program: what the start and the memory of any JVM are compared with. */
final class Hello {
    private Hello() {}

    /** Greets; with an argument it then stays until its standard input ends. */
    public static void main(String[] args) throws IOException {
        System.out.println("Hello");
        if (args.length > 0) {
            System.in.read();
        }
    }
}
