package dev.procpool.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Takes values as they come and hands them on in the order of their indices, each as soon as those before it are there. */
final class InOrder<T> implements BiConsumer<Integer, T> {
    private final List<@Nullable T> waiting;
    private final BiConsumer<Integer, T> next;
    private int handedOn;

    InOrder(int count, BiConsumer<Integer, T> next) {
        this.waiting = new ArrayList<@Nullable T>(Collections.nCopies(count, null));
        this.next = next;
    }

    @Override
    public void accept(Integer index, T value) {
        waiting.set(index, value);
        while (handedOn < waiting.size()) {
            T first = waiting.get(handedOn);
            if (first == null) {
                return;
            }
            waiting.set(handedOn, null);
            next.accept(handedOn, first);
            handedOn++;
        }
    }
}
