package dev.procpool.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskSerializationException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import org.apache.commons.exec.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs whose classes are not on the class path: their workers get them all the same. */
@ExtendWith(LeakCheck.class)
class ServedClassesTest {
    private static final String APP = """
            package app;

            import dev.procpool.*;
            import java.io.*;
            import java.util.*;
            import java.util.concurrent.*;

            public class Main {
                record Point(int x, int y) implements Serializable {}

                static class AppException extends RuntimeException {}

                static class Named implements Callable<Point>, Serializable {
                    public Point call() {
                        return new Point(3, Hidden.FOUR);
                    }
                }

                public interface Service {
                    String name();
                }

                public static class Provider implements Service {
                    public String name() {
                        return "provided";
                    }
                }

                static String text(InputStream in) throws IOException {
                    return in == null ? "none" : new String(in.readAllBytes());
                }

                static String caught(ProcessPoolExecutor pool) throws Exception {
                    try {
                        pool.submit(new Failing()).get();
                        return "nothing";
                    } catch (ExecutionException e) {
                        return e.getCause() instanceof AppException ? "own" : e.getCause().toString();
                    }
                }

                static class Failing implements SerializableRunnable {
                    public void run() {
                        throw new AppException();
                    }
                }

                static String resources() throws Exception {
                    ClassLoader context = Thread.currentThread().getContextClassLoader();
                    return text(context.getResourceAsStream("app/a.txt"))
                            + text(Main.class.getResourceAsStream("a.txt"))
                            + text(Main.class.getResource("/app/a.txt").openStream())
                            + text(new java.net.URL(Main.class.getResource("a.txt"), "b.txt").openStream())
                            + Collections.list(context.getResources("app/a.txt")).size()
                            + text(context.getResourceAsStream("app/none.txt"))
                            + text(context.getResourceAsStream("../a.txt"))
                            + (context == Main.class.getClassLoader());
                }

                static String services() {
                    return ServiceLoader.load(Service.class).iterator().next().name();
                }

                static String missing() {
                    try {
                        Class.forName("app.Missing");
                        return "found";
                    } catch (ClassNotFoundException e) {
                        return e.getMessage();
                    }
                }

                static String source() {
                    return Main.class.getPackage().getName()
                            + (Main.class.getProtectionDomain().getCodeSource() != null);
                }

                public static List<Object> run() throws Exception {
                    try (ProcessPoolExecutor pool = ProcessPoolExecutor.builder().workers(2).heapSize(64 << 20).build()) {
                        int six = 6;
                        return List.of(
                                pool.submit(() -> six * 7).get(),
                                pool.submit(new Named()).get().equals(new Point(3, 4)),
                                pool.submit(new Named()).thenApply(Point::y).get(),
                                pool.map(x -> new Point(x, x), List.of(1)).toList().equals(List.of(new Point(1, 1))),
                                caught(pool),
                                pool.submit(Main::resources).get(),
                                pool.submit(Main::services).get(),
                                pool.submit(Main::missing).get(),
                                pool.submit(Main::source).get());
                    }
                }
            }

            /** In the same package only: the two must have the same loader. */
            class Hidden {
                static final int FOUR = Integer.parseInt("4");
            }
            """;

    @TempDir
    Path folder;

    private Path classes;

    @BeforeEach
    void compile() throws Exception {
        classes = Loaders.compile(folder, Map.of("app.Main", APP));
        Files.writeString(classes.resolve("app/a.txt"), "a");
        Files.writeString(classes.resolve("app/b.txt"), "b");
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("app.Main$Service"), "app.Main$Provider");
    }

    @ParameterizedTest
    @ValueSource(strings = {"childFirst", "inMemory", "nestedJar"})
    void all_that_a_task_may_ask_for_is_there(String kind) throws Exception {
        ClassLoader loader = switch (kind) {
            case "inMemory" -> Loaders.inMemory(classes);
            case "nestedJar" -> Loaders.nestedJar(folder, classes);
            default -> Loaders.childFirst(classes);
        };

        assertThat(Loaders.call(loader, "app.Main", "run"))
                .isEqualTo(
                        List.of(42, true, 4, true, "own", "aaab1nonenonetrue", "provided", "app.Missing", "apptrue"));
    }

    private Callable<Object> versioned(String version) throws Exception {
        Path compiled = Loaders.compile(folder.resolve(version), Map.of("app.Task", """
                        package app;

                        public class Task implements java.util.concurrent.Callable<Object>, java.io.Serializable {
                            public record Answer(String version) implements java.io.Serializable {}

                            public Object call() {
                                return new Answer("%s" + (Thread.currentThread().getContextClassLoader() == Task.class.getClassLoader()));
                            }
                        }
                        """.formatted(version)));
        URLClassLoader loader =
                new URLClassLoader(new URL[] {Loaders.url(compiled)}, getClass().getClassLoader());
        @SuppressWarnings("unchecked")
        Callable<Object> task =
                (Callable<Object>) loader.loadClass("app.Task").getConstructor().newInstance();
        return task;
    }

    @Test
    void two_programs_with_the_same_names_share_a_pool() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            Callable<Object> first = versioned("1");
            Callable<Object> second = versioned("2");
            for (int i = 0; i < 3; i++) {
                for (Callable<Object> task : List.of(first, second)) {
                    Object answer = pool.submit(task).thenApply(x -> x).get();
                    assertThat(answer.getClass().getClassLoader())
                            .isSameAs(task.getClass().getClassLoader());
                    assertThat(answer).hasToString("Answer[version=%s]", (task == first ? "1" : "2") + true);
                }
            }
        }
    }

    /** A task of a library's that carries an object of an application, which the library's loader doesn't know. */
    record Carrier(Object cargo) implements Callable<Object>, java.io.Serializable {
        @Override
        public Object call() {
            return cargo;
        }
    }

    @Test
    void the_loader_that_was_chosen_comes_after_that_of_the_task() throws Exception {
        try (ProcessPoolExecutor plain = ProcessPoolExecutor.create(1)) {
            Object cargo = versioned("1").call();
            ClassLoader application = cargo.getClass().getClassLoader();

            assertThatThrownBy(() -> plain.submit(new Carrier(cargo)).get())
                    .hasCauseInstanceOf(TaskSerializationException.class)
                    .hasMessageContaining("app.Task$Answer");
            try (ProcessPoolExecutor pool = ProcessPoolExecutor.builder()
                    .workers(1)
                    .classLoader(application)
                    .build()) {
                assertThat(pool.submit(new Carrier(cargo)).get()).isEqualTo(cargo);
            }
        }
    }

    @Test
    void a_loader_that_is_closed_says_so() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
            Callable<Object> task = versioned("1");
            ((URLClassLoader) task.getClass().getClassLoader()).close();
            PoolFuture<Object> future = pool.submit(task);

            assertThatThrownBy(() -> future.get(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                    .hasMessageContaining("app.Task")
                    .hasMessageContaining("java.net.URLClassLoader")
                    .hasMessageContaining("keep it open");
        }
    }

    @Test
    void a_loader_that_keeps_procpool_to_itself_fails_at_once() {
        ClassLoader loader = Loaders.secretive(classes);

        assertThatThrownBy(() -> Loaders.call(loader, "app.Main", "run"))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(loader.getClass().getName())
                .hasMessageContaining("put procpool's jar on the class path");
    }

    private static String classPath() {
        return List.of(Loaders.pathOf(ProcessPoolExecutor.class), Loaders.pathOf(CommandLine.class)).stream()
                .map(Path::toString)
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }

    @Test
    void jshell() {
        try (JShell shell = JShell.create()) {
            shell.addToClasspath(classPath());
            String value = "";
            for (String snippet : List.of(
                    "import dev.procpool.*;",
                    "var pool = ProcessPoolExecutor.create(1);",
                    "record Point(int x) implements java.io.Serializable {}",
                    "int twice(int x) { return 2 * x; }",
                    "var point = pool.submit(() -> new Point(twice(21))).get();",
                    "pool.close();",
                    "point.toString() + pool.isTerminated()")) {
                for (SnippetEvent event : shell.eval(snippet)) {
                    assertThat(event.exception()).as(snippet).isNull();
                    value = event.value();
                }
            }
            assertThat(value).isEqualTo("\"Point[x=42]true\"");
        }
    }

    @Test
    void a_source_file() throws Exception {
        Path source = folder.resolve("Sample.java");
        Files.writeString(source, """
                import dev.procpool.*;
                import java.util.*;

                public class Sample {
                    record Point(int x) implements java.io.Serializable {}

                    public static void main(String[] arguments) throws Exception {
                        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1)) {
                            System.out.println(pool.map(x -> new Point(x), List.of(1, 2)).toList());
                        }
                    }
                }
                """);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path printed = folder.resolve("printed");
        Process run = new ProcessBuilder(java.toString(), "-cp", classPath(), source.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(run.waitFor(Limits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(printed).hasContent("[Point[x=1], Point[x=2]]");
        } finally {
            run.destroyForcibly().waitFor();
        }
    }
}
