package dev.procpool.cli;

/** Numbers as the commands print them. By hand, since {@link String#format} alone takes 20 ms of a cold JVM. */
final class Numbers {
    private Numbers() {}

    /** A size like {@code 384.0 KB}. */
    static String kilobytes(long bytes) {
        return fixed(Math.round(bytes * 10 / 1024.0), 10) + " KB";
    }

    /** A time like {@code 0.41s}. */
    static String seconds(long nanos) {
        return fixed(Math.round(nanos / 1e7), 100) + "s";
    }

    private static String fixed(long units, int unitsPerOne) {
        long fraction = units % unitsPerOne;
        String digits = Long.toString(unitsPerOne + fraction).substring(1);
        return units / unitsPerOne + "." + digits;
    }
}
