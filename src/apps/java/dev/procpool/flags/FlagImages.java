package dev.procpool.flags;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The flags in the flag-icons WebJar: SVG, width to height as 4 to 3. */
public final class FlagImages {
    private static final String WEBJAR = "/META-INF/resources/webjars/flag-icons/7.5.0/";
    private static final Pattern TWO_LETTER_CODE = Pattern.compile("\"code\":\\s*\"([a-z]{2})\"");

    private FlagImages() {}

    /** The codes that have a flag, in capitals; longer codes of regions ({@code gb-sct}) are left out. */
    public static NavigableSet<String> codes() {
        byte[] countries = read("country.json")
                .orElseThrow(() -> new IllegalStateException("flag-icons 7.5.0 is not on the class path"));
        NavigableSet<String> codes = new TreeSet<>();
        TWO_LETTER_CODE
                .matcher(new String(countries, UTF_8))
                .results()
                .map((MatchResult match) -> match.group(1).toUpperCase(Locale.ROOT))
                .forEach(codes::add);
        return codes;
    }

    /**
     * The SVG for a code, or empty when no country has that code.
     *
     * @param code two letters; case doesn't matter
     */
    public static Optional<byte[]> svg(String code) {
        return read("flags/4x3/" + fileName(code));
    }

    /** The name of the file with the flag for this code, the same everywhere: {@code br.svg}. */
    public static String fileName(String code) {
        return code.toLowerCase(Locale.ROOT) + ".svg";
    }

    private static Optional<byte[]> read(String name) {
        try (InputStream in = FlagImages.class.getResourceAsStream(WEBJAR + name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " from the flag-icons WebJar", e);
        }
    }
}
