package dev.procpool.flags;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;

/**
 * What a site of a {@link FlagServer} says it answered in one run. Each code counts once, by the last answer to it: what
 * the client's own counts, after its retries, must equal.
 *
 * @param ok codes whose last answer was the flag
 * @param notFound codes whose last answer was 404
 * @param errors codes whose last answer was another status or a cut connection
 * @param requests all requests for flags, with those that were tried again
 * @param peak the largest number of requests at the same time
 */
public record ServerAccount(int ok, int notFound, int errors, int requests, int peak) {
    /** One {@code name=value} a line. */
    String toText() {
        return "ok=%d%nnotFound=%d%nerrors=%d%nrequests=%d%npeak=%d%n".formatted(ok, notFound, errors, requests, peak);
    }

    static ServerAccount parse(String text) throws IOException {
        Properties values = new Properties();
        values.load(new StringReader(text));
        return new ServerAccount(
                number(values, "ok"),
                number(values, "notFound"),
                number(values, "errors"),
                number(values, "requests"),
                number(values, "peak"));
    }

    private static int number(Properties values, String name) throws IOException {
        try {
            return Integer.parseInt(values.getProperty(name, ""));
        } catch (NumberFormatException e) {
            throw new IOException("no number for '" + name + "' in the server's account", e);
        }
    }
}
