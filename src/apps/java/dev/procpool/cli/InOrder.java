package dev.procpool.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Takes values as they come and hands them on in the order of their indices, each as soon as those before it are there. */
final class InOrder<T> {
    private final Map<Integer, T> waiting = new HashMap<>();
    private final BiConsumer<Integer, T> next;
    private int handedOn;

    InOrder(BiConsumer<Integer, T> next) {
        this.next = next;
    }

    void accept(int index, T value) {
        if (index != handedOn) {
            waiting.put(index, value);
            return;
        }
        for (T first = value; first != null; first = waiting.remove(handedOn)) {
            next.accept(handedOn, first);
            handedOn++;
        }
    }
}
