package dev.procpool.internal.child;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The class loaders of this JVM that stand for class loaders of the parent, by the numbers by which the parent knows them.
 * Made when the first call needs them: a worker whose classes are all on files has none.
 */
final class ServedLoaders {
    private final Inquiry inquiry;
    private final Map<Integer, ServedLoader> loaders = new ConcurrentHashMap<>();

    ServedLoaders(Inquiry inquiry) {
        this.inquiry = inquiry;
    }

    /** The loader of that number, always the same one until it is forgotten; {@code filesFirst} if it is a new one. */
    ServedLoader get(int number, boolean filesFirst) {
        ServedLoader known = loaders.get(number);
        if (known != null) {
            return known;
        }
        ServedLoader made = new ServedLoader(number, filesFirst, this, inquiry);
        ServedLoader meanwhile = loaders.putIfAbsent(number, made);
        return meanwhile != null ? meanwhile : made;
    }

    /** The parent's loader of that number is gone, if it was the number of a loader. */
    void forget(int number) {
        loaders.remove(number);
    }

    /** The parent has something new: what it didn't have before may be there now. */
    void lookAgain() {
        for (ServedLoader loader : loaders.values()) {
            loader.lookAgain();
        }
    }
}
