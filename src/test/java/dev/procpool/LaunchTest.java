package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.apache.commons.exec.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** However a program was started, its workers find its classes and have its properties. */
@ExtendWith(LeakCheck.class)
class LaunchTest {
    private static final String PROGRAM = """
            package app;

            import dev.procpool.*;
            import java.nio.file.Path;

            public class Main {
                static String property() {
                    return System.getProperty("a.property") + System.getProperty("user.dir").startsWith("/proc");
                }

                public static void main(String[] args) throws Exception {
                    try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(1);
                            ProcessPoolExecutor elsewhere =
                                    ProcessPoolExecutor.builder().workers(1).workingDirectory(Path.of("/proc")).build();
                            TaskExecutor spawn = TaskExecutor.spawn(1)) {
                        String local = property();
                        boolean same = pool.submit(() -> local.equals(property())).get();
                        System.out.println(same + " " + elsewhere.submit(Main::property).get().equals(
                                System.getProperty("a.property") + true) + " " + spawn.submit(Main::property).get().equals(local));
                    }
                }
            }
            """;

    /** A name that needs quotes, and more than ASCII. */
    private Path folder;

    private String ours;
    /** The same as the module that our jar is made of. */
    private String module;

    private String exec;

    @BeforeEach
    void compile(@TempDir Path temporary) throws Exception {
        folder = Files.createDirectory(temporary.resolve("a b ü \\ c"));
        ours = folderOf(ProcessPoolExecutor.class);
        module = Path.of(ours).resolveSibling("module").toString();
        exec = folderOf(CommandLine.class);
        Path source = Files.createDirectories(folder.resolve("source/app")).resolve("Main.java");
        Files.writeString(source, PROGRAM);
        tool("javac", "-cp", ours, "-d", folder.resolve("classes").toString(), source.toString());
    }

    private static String folderOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private static void tool(String name, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
        assertThat(code).as("%s: %s", name, said).isZero();
    }

    private void assertRuns(String... arguments) throws Exception {
        assertRuns(Path.of(System.getProperty("java.home")), arguments);
    }

    private void assertRuns(Path javaHome, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(javaHome.resolve("bin").resolve("java").toString()));
        command.addAll(List.of(arguments));
        Path printed = folder.resolve("printed");
        Process run = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(run.waitFor(Limits.LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("ends in time")
                    .isTrue();
            assertThat(printed).hasContent("true true true");
        } finally {
            run.destroyForcibly().waitFor();
        }
    }

    private static String path(Object... entries) {
        return String.join(
                File.pathSeparator,
                List.of(entries).stream().map(Object::toString).toList());
    }

    @Test
    void relative_class_path() throws Exception {
        assertRuns("-Da.property=x y", "-cp", path("classes", ours, exec), "app.Main");
    }

    @Test
    void manifest_with_class_path() throws Exception {
        Path manifest = folder.resolve("manifest");
        Files.writeString(
                manifest, "Main-Class: app.Main\nClass-Path: " + wrapped(ours) + "\n  " + wrapped(exec) + "\n");
        tool("jar", "cfm", folder.resolve("app.jar").toString(), manifest.toString(), "-C", folder + "/classes", ".");

        assertRuns("-Da.property=x", "-jar", "app.jar");
    }

    /** As a URL, in lines that a manifest takes. */
    private static String wrapped(String file) {
        return String.join("\n ", new File(file).toURI().toString().split("(?<=\\G.{60})"));
    }

    @Test
    void very_long_class_path() throws Exception {
        String nothing = ("/nothing" + "/long".repeat(20) + File.pathSeparator).repeat(400);

        assertRuns("-Da.property=x", "-cp", path(nothing, "classes", ours, exec), "app.Main");
    }

    @Test
    void default_charset_that_is_not_the_one_of_names() throws Exception {
        assertRuns(
                "-Dfile.encoding=ISO-8859-1",
                "-Da.property=ü",
                "-cp",
                path(folder.resolve("classes"), ours, exec),
                "app.Main");
    }

    @Test
    void named_module() throws Exception {
        String modules = compileModule("");

        assertRuns("-Da.property=x", "-p", modules, "-m", "the.app/app.Main");
    }

    @Test
    void named_module_of_a_program_on_the_class_path() throws Exception {
        assertRuns(
                "-Da.property=x",
                "-p",
                path(module, exec),
                "--add-modules",
                "dev.procpool",
                "-cp",
                "classes",
                "app.Main");
    }

    /** The JVM comes with the program: its workers have no other place to take it from. */
    @Test
    void runtime_image() throws Exception {
        String modules = compileModule("");
        // Not in the folder with the backslash: commons-exec takes that for a separator in the name of a program.
        Path image = folder.resolveSibling("image of ü");
        tool("jlink", "-p", modules, "--add-modules", "the.app", "--strip-debug", "--output", image.toString());

        assertRuns(image, "-Da.property=x", "-m", "the.app/app.Main");
    }

    @Test
    void internals_are_closed_to_modules() throws Exception {
        assertThatThrownBy(() -> compileModule("import dev.procpool.internal.wire.Payload;"))
                .hasMessageContaining("package dev.procpool.internal.wire is not visible")
                .hasMessageContaining("does not export it");
    }

    /** Compiles the program as a module; returns a module path for it. */
    private String compileModule(String imports) throws Exception {
        Path source = Files.createDirectories(folder.resolve("module source"));
        Path descriptor =
                Files.writeString(source.resolve("module-info.java"), "module the.app { requires dev.procpool; }");
        Path program = Files.createDirectories(source.resolve("app")).resolve("Main.java");
        Files.writeString(program, PROGRAM.replace("import java.nio", imports + "\nimport java.nio"));
        Path classes = folder.resolve("the module");
        // An empty class path: that of these tests, which the environment may hold, has the same classes.
        tool(
                "javac",
                "-cp",
                classes.toString(),
                "-p",
                path(module, exec),
                "-d",
                classes.toString(),
                descriptor.toString(),
                program.toString());
        return path(classes, module, exec);
    }
}
