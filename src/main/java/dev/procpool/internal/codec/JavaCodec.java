package dev.procpool.internal.codec;

import dev.procpool.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** {@link Codec#javaSerialization()}. */
public final class JavaCodec implements Codec {
    public static final JavaCodec INSTANCE = new JavaCodec();

    private JavaCodec() {}

    @Override
    public void encode(Object value, OutputStream out) throws IOException {
        ObjectOutputStream objects = new ObjectOutputStream(out);
        objects.writeObject(value);
        objects.flush();
    }

    @Override
    public Object decode(InputStream in, @Nullable ObjectInputFilter filter)
            throws IOException, ClassNotFoundException {
        ContextObjectInput objects = new ContextObjectInput(in, Filters.hashWork(filter));
        if (filter != null) {
            objects.setObjectInputFilter(ObjectInputFilter.merge(filter, objects.getObjectInputFilter()));
        }
        return objects.readObject();
    }

    /** Finds a class as tasks expect it: by the context class loader, or else by ours. */
    static Class<?> find(String name) throws ClassNotFoundException {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = JavaCodec.class.getClassLoader();
        if (context != null && context != own) {
            try {
                return Class.forName(name, false, context);
            } catch (ClassNotFoundException e) {
                return findOwn(name, e); // perhaps a thread of somebody else's, whose loader knows nothing of this pool
            }
        }
        return Class.forName(name, false, own);
    }

    /** {@code why} says more than that it is not there, if the parent's loader does. */
    private static Class<?> findOwn(String name, ClassNotFoundException why) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, JavaCodec.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw why;
        }
    }

    private Object readResolve() {
        return INSTANCE;
    }

    private static final class ContextObjectInput extends ObjectInputStream {
        private final @Nullable HashWork hashWork;

        ContextObjectInput(InputStream in, @Nullable HashWork hashWork) throws IOException {
            super(in);
            this.hashWork = hashWork;
            enableResolveObject(hashWork != null);
        }

        @Override
        protected Object resolveObject(Object object) throws IOException {
            if (hashWork != null) {
                hashWork.completed(object);
            }
            return object;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return find(description.getName());
            } catch (ClassNotFoundException e) {
                return resolvePrimitive(description, e);
            }
        }

        /** The JDK's stream knows int.class and the like; of others {@code why} says more. */
        private Class<?> resolvePrimitive(ObjectStreamClass description, ClassNotFoundException why)
                throws IOException, ClassNotFoundException {
            try {
                return super.resolveClass(description);
            } catch (ClassNotFoundException e) {
                throw why;
            }
        }

        @Override
        @SuppressWarnings("deprecation") // the one way to a proxy's class; the JDK's own stream takes it too
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
            Class<?>[] found = new Class<?>[interfaces.length];
            for (int i = 0; i < interfaces.length; i++) {
                found[i] = find(interfaces[i]);
            }
            ClassLoader loader = found.length == 0 ? null : found[0].getClassLoader();
            try {
                return Proxy.getProxyClass(loader, found);
            } catch (IllegalArgumentException e) {
                return super.resolveProxyClass(interfaces);
            }
        }
    }
}
