package dev.procpool.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.Codec;
import dev.procpool.SerializableCallable;
import dev.procpool.internal.wire.PayloadReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CodecTest {
    @Test
    void codecOfTheUser() throws Exception {
        RoundTrip roundTrip = new RoundTrip(new PointCodec());
        Point point = new Point(1, 2);
        SerializableCallable<Point> task = () -> point;

        assertThat(roundTrip.value(point)).isEqualTo(point);
        assertThat(roundTrip.task(task).call()).isEqualTo(point);
        assertThat(roundTrip.value("plain")).isEqualTo("plain");
    }

    @Test
    void codecThatLeavesSomeBytesUnread() throws Exception {
        RoundTrip roundTrip = new RoundTrip(new PointCodec());
        Point point = new Point(1, 2);
        int number = 3;
        SerializableCallable<List<Object>> task = () -> List.of(point, number);
        PayloadReader in = roundTrip.sendTask(task);

        assertThat(((Callable<?>) roundTrip.decoder.decodeTask(in)).call()).isEqualTo(List.of(point, number));
        assertThat(in.remaining()).isZero();
    }

    @Test
    void codecOfTheUserSaysWhatItCannotDo() {
        RoundTrip roundTrip = new RoundTrip(new PointCodec());
        Thread thread = new Thread();
        SerializableCallable<Object> task = () -> thread;

        assertThat(catchThrowableOfType(EncodeException.class, () -> roundTrip.task(task)))
                .hasMessageStartingWith("not serialisable: java.lang.Thread, reached as captured value 1 of 1");
    }

    @Test
    void javaSerializationStaysTheSameObjectWhenSent() throws Exception {
        assertThat(new RoundTrip().value(Codec.javaSerialization())).isSameAs(Codec.javaSerialization());
    }

    @Test
    void classesOfTheContextClassLoader() throws Exception {
        URL classes = Point.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader own = new OwnFirst(classes)) {
            Thread.currentThread().setContextClassLoader(own);
            Object copy = new RoundTrip().decoder.decodeValue(new RoundTrip().sendValue(new Marker()));

            assertThat(copy.getClass()).isNotSameAs(Marker.class);
            assertThat(copy.getClass().getClassLoader()).isSameAs(own);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void withoutContextClassLoader() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(null);
        try {
            assertThat(new RoundTrip().value(new ArrayList<>(List.of(new Marker()))))
                    .hasSize(1);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void dynamicProxyAndClassObjects() throws Exception {
        Object proxy = Proxy.newProxyInstance(
                CodecTest.class.getClassLoader(), new Class<?>[] {Callable.class, Comparable.class}, new Answer());

        assertThat(((Callable<?>) new RoundTrip().value(proxy)).call()).isEqualTo("call");
        assertThat(new RoundTrip().value(int.class)).isSameAs(int.class);
        assertThat(new RoundTrip().value(Point[].class)).isSameAs(Point[].class);
    }

    @Test
    void lambdaOfAClassThatReflectionMayNotEnter() throws Exception {
        SerializedLambda description = new SerializedLambda(
                CodecTest.class,
                "dev/procpool/SerializableCallable",
                "call",
                "()Ljava/lang/Object;",
                MethodHandleInfo.REF_invokeStatic,
                "dev/procpool/internal/codec/CodecTest",
                "answer",
                "()Ljava/lang/String;",
                "()Ljava/lang/String;",
                new Object[0]);
        SerializableCallable<String> same = CodecTest::answer;

        Object rebuilt = ReceivedShape.rebuildBySerialization(description);
        assertThat(((Callable<?>) rebuilt).call()).isEqualTo(same.call());
    }

    private static String answer() {
        return "forty-two";
    }

    private record Point(int x, int y) {}

    private static final class Marker implements Serializable {}

    private static final class Answer implements java.lang.reflect.InvocationHandler, Serializable {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return method.getName();
        }
    }

    /** Knows points, which are not serialisable, and nothing else. */
    private static final class PointCodec implements Codec {
        @Override
        public void encode(Object value, OutputStream out) throws IOException {
            if (!(value instanceof Point point)) {
                throw new NotSerializableException(value.getClass().getName());
            }
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(point.x);
            data.writeInt(point.y);
            data.writeUTF("which nobody reads");
        }

        @Override
        public Object decode(InputStream in, @Nullable ObjectInputFilter filter) throws IOException {
            DataInputStream data = new DataInputStream(in);
            return new Point(data.readInt(), data.readInt());
        }
    }

    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL classes) {
            super(new URL[] {classes}, CodecTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.equals(Marker.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
