package dev.procpool.internal.launch;

import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.Questions.Question;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the workers of one pool get the classes from that are not on files of the class path: which of this JVM's class
 * loaders a task needs, and by which number its worker knows that loader. Thread-safe.
 *
 * <p>The order is that of the task's own class, then the loader that was chosen for the pool, then the context loader of
 * whoever built it, then ours. None is kept alive by the pool: a loader is held weakly, and when it is gone its number is
 * forgotten.
 */
public final class ServedClasses {
    /** Hands out numbers that mean the same in the whole process, and to all of its workers. */
    public interface Numbers {
        int define();

        void forget(int number);
    }

    private static final ClassLoader OURS = ServedClasses.class.getClassLoader();
    private static final ClassLoader SYSTEM = ClassLoader.getSystemClassLoader();
    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();
    /** The JDK's own loader of the class path, where -Djava.system.class.loader has put another one below it. */
    private static final @Nullable ClassLoader ABOVE_SYSTEM = SYSTEM.getParent();

    private final Numbers numbers;
    private final boolean serves;
    /** Where to look for what the task's own loader doesn't have. */
    private final List<WeakReference<ClassLoader>> others = new ArrayList<>(3);
    /** Whether all of {@link #others} have nothing but files of the class path. */
    private final boolean onFiles;

    private final Map<Key, Key> byLoader = new ConcurrentHashMap<>();
    private final Map<Integer, Key> byNumber = new ConcurrentHashMap<>();
    private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
    private boolean closed;
    /** What was asked for last: most programs have one. */
    private volatile @Nullable Key last;

    /** A loader, weakly, as the key of a map; by identity, since its own notion of it is foreign code. */
    private static final class Key extends WeakReference<ClassLoader> {
        private final int hash;
        private final int number;
        private volatile WeakReference<@Nullable Origin> origin = new WeakReference<>(null);

        Key(ClassLoader loader, int number, @Nullable ReferenceQueue<ClassLoader> queue) {
            super(loader, queue);
            this.number = number;
            hash = System.identityHashCode(loader);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            ClassLoader loader = get();
            return this == other || (other instanceof Key key && loader != null && key.refersTo(loader));
        }
    }

    /**
     * Where the classes of a task come from. To be kept no longer than the task: it keeps the class loaders alive.
     *
     * @param number of the loader from which a worker has the classes that it doesn't have on files; 0 if there are none
     * @param filesFirst whether its class path comes first, as this is the loader of the class path
     * @param loader finds here what the worker finds there; by it the result is rebuilt
     */
    public record Origin(
            int number, boolean filesFirst, @Nullable ClassLoader loader) {
        private static final Origin FILES = new Origin(0, true, SYSTEM);

        /** Tells it to the worker: the beginning of what it reads of a call. */
        public void writeTo(Payload body) {
            if (number != 0) {
                body.require(number);
            }
            body.writeVarInt(number << 1 | (filesFirst ? 1 : 0));
        }
    }

    /**
     * To be made by whoever builds the pool, on their thread.
     *
     * @param chosen the loader that was chosen for the pool
     * @param serves whether workers get what is not on files; else they have a class path of their own, and no more
     */
    public ServedClasses(@Nullable ClassLoader chosen, boolean serves, Numbers numbers) {
        this.numbers = numbers;
        this.serves = serves;
        boolean files = true;
        for (ClassLoader other :
                new ClassLoader[] {chosen, Thread.currentThread().getContextClassLoader(), OURS}) {
            if (other != null) {
                others.add(new WeakReference<>(other));
                files &= isOnFiles(other);
            }
        }
        onFiles = files;
    }

    /** Whether workers get what is not on files. */
    public boolean serves() {
        return serves;
    }

    /** Whether whoever has the class path has all that this loader finds. */
    static boolean isOnFiles(@Nullable ClassLoader loader) {
        return loader == SYSTEM || loader == null || loader == PLATFORM || loader == ABOVE_SYSTEM;
    }

    /** Where the classes of a task come from; its own class tells. */
    public Origin originOf(Object task) {
        ClassLoader loader = task.getClass().getClassLoader();
        if (onFiles && isOnFiles(loader)) {
            return Origin.FILES;
        }
        ClassLoader first = loader == null || loader == PLATFORM ? firstOther() : loader;
        Key key = keyOf(first);
        Origin known = key.origin.get();
        if (known == null) {
            known = new Origin(key.number, first == SYSTEM, chain(first));
            key.origin = new WeakReference<>(known);
        }
        return known;
    }

    private ClassLoader chain(ClassLoader first) {
        List<ClassLoader> rest = new ArrayList<>(3);
        for (ClassLoader other : after(first)) {
            if (!isAncestor(other, first)) {
                rest.add(other);
            }
        }
        return rest.isEmpty() ? first : new LoaderChain(first, rest);
    }

    /** For a task of a class of the JDK's. */
    private ClassLoader firstOther() {
        for (WeakReference<ClassLoader> other : others) {
            ClassLoader alive = other.get();
            if (alive != null) {
                return alive;
            }
        }
        return OURS;
    }

    private List<ClassLoader> after(@Nullable ClassLoader first) {
        List<ClassLoader> rest = new ArrayList<>(3);
        for (WeakReference<ClassLoader> other : others) {
            ClassLoader alive = other.get();
            if (alive != null && alive != first && !rest.contains(alive)) {
                rest.add(alive);
            }
        }
        return rest;
    }

    private static boolean isAncestor(ClassLoader candidate, ClassLoader loader) {
        for (ClassLoader at = loader.getParent(); at != null; at = at.getParent()) {
            if (at == candidate) {
                return true;
            }
        }
        return false;
    }

    private Key keyOf(ClassLoader loader) {
        Key known = last;
        if (known != null && known.refersTo(loader)) {
            return known;
        }
        known = byLoader.get(new Key(loader, 0, null));
        if (known == null) {
            known = define(loader);
        }
        last = known;
        return known;
    }

    private synchronized Key define(ClassLoader loader) {
        forgetGone();
        Key known = byLoader.get(new Key(loader, 0, null));
        if (known != null) {
            return known;
        }
        Key key = new Key(loader, serves && !closed ? numbers.define() : 0, gone);
        byNumber.put(key.number, key);
        byLoader.put(key, key);
        return key;
    }

    private void forgetGone() {
        for (Reference<? extends ClassLoader> key = gone.poll(); key != null; key = gone.poll()) {
            Key known = byLoader.remove(key);
            if (known != null) {
                byNumber.remove(known.number);
                numbers.forget(known.number);
            }
        }
    }

    /** No worker is left that might ask. */
    public synchronized void close() {
        closed = true;
        last = null;
        byNumber.keySet().forEach(numbers::forget);
        byNumber.clear();
        byLoader.clear();
    }

    /**
     * Answers a proper question. Runs code of class loaders, which may do anything.
     *
     * @throws IOException if the answer can't be delivered
     */
    public void answer(Question question, ServedAnswer answer) throws IOException {
        Key key = byNumber.get(question.loader());
        ClassLoader asked = key == null ? null : key.get();
        List<ClassLoader> order = new ArrayList<>(4);
        if (asked != null) {
            order.add(asked);
        }
        order.addAll(after(asked));
        new ServedLookup(order, loader -> keyOf(loader).number, answer).answer(question);
    }
}
