package dev.procpool.flags;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Sets of two-letter country codes, in capitals and sorted. */
public final class CountryCodes {
    /** The twenty most populous countries, most people first. */
    public static final List<String> POPULOUS = List.of(
            "CN", "IN", "US", "ID", "BR", "PK", "NG", "BD", "RU", "JP", "MX", "PH", "VN", "ET", "EG", "DE", "IR", "TR",
            "CD", "FR");

    private static final Pattern CODE_OR_LETTER = Pattern.compile("[A-Za-z]{1,2}");

    private CountryCodes() {}

    /**
     * Expands what a user typed: {@code br} is BR, {@code b} is BA to BZ. Case doesn't matter, duplicates are removed.
     *
     * @throws IllegalArgumentException naming the first argument that is neither one nor two letters from A to Z
     */
    public static NavigableSet<String> expand(Collection<String> arguments) {
        NavigableSet<String> codes = new TreeSet<>();
        for (String argument : arguments) {
            if (!CODE_OR_LETTER.matcher(argument).matches()) {
                throw new IllegalArgumentException("'" + argument
                        + "' is no country code: give two letters (BR), or one for all codes from BA to BZ (B)");
            }
            String code = argument.toUpperCase(Locale.ROOT);
            (code.length() == 2 ? Stream.of(code) : startingWith(code)).forEach(codes::add);
        }
        return codes;
    }

    /** All 676 codes from AA to ZZ, most of which no country has. */
    public static NavigableSet<String> every() {
        NavigableSet<String> codes = new TreeSet<>();
        letters().flatMap(CountryCodes::startingWith).forEach(codes::add);
        return codes;
    }

    private static Stream<String> startingWith(String first) {
        return letters().map(second -> first + second);
    }

    private static Stream<String> letters() {
        return Stream.iterate('A', letter -> letter <= 'Z', letter -> (char) (letter + 1))
                .map(String::valueOf);
    }
}
