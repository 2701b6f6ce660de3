package dev.procpool.internal.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiting line: calls linked to each other, so that putting one back allocates nothing and can't fail when the heap is
 * full. Guarded by the dispatcher's lock.
 */
final class CallLine {
    private @Nullable Call first;
    private @Nullable Call last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable Call peek() {
        return first;
    }

    void addLast(Call call) {
        if (last == null) {
            first = call;
        } else {
            last.next = call;
        }
        last = call;
        size++;
    }

    void addFirst(Call call) {
        call.next = first;
        first = call;
        last = last == null ? call : last;
        size++;
    }

    @Nullable Call poll() {
        Call call = first;
        if (call != null) {
            first = (Call) call.next;
            last = first == null ? null : last;
            call.next = null;
            size--;
        }
        return call;
    }

    /** Takes all calls out, in order. */
    List<Call> takeAll() {
        List<Call> calls = new ArrayList<>(size);
        for (Call call = poll(); call != null; call = poll()) {
            calls.add(call);
        }
        return calls;
    }

    /** Takes out the calls for which {@code condition} holds. */
    void removeIf(Predicate<Call> condition) {
        for (int left = size; left > 0; left--) {
            Call call = poll();
            if (call != null && !condition.test(call)) {
                addLast(call);
            }
        }
    }
}
