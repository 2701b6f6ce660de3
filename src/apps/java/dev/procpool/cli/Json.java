package dev.procpool.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.procpool.jobs.FileName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes JSON. */
final class Json {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** The bytes of file names that aren't UTF-8, see {@link FileName}. */
    private static final Pattern STRAY_BYTE = Pattern.compile("[\uDC80-\uDCFF]");

    private Json() {}

    /** An object of these members, in this order. */
    static Map<String, Object> object(String name, Object value, String name2, Object value2) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put(name, value);
        object.put(name2, value2);
        return object;
    }

    /** {@code value} as JSON; stray bytes in file names are escaped, so that the output is UTF-8. */
    static String write(Object value) {
        return STRAY_BYTE
                .matcher(GSON.toJson(value))
                .replaceAll(stray -> "\\\\u" + Integer.toHexString(stray.group().charAt(0)));
    }
}
