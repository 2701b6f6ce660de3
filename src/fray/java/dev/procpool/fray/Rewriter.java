package dev.procpool.fray;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts the places where the pool meets the world outside of the JVM under the scheduler's control. Runs once, after the
 * pool was compiled, and writes copies of a few classes; the pool's own code in them stays as it is.
 *
 * <ul>
 *   <li>Before each access to a word of the control block the scheduler may switch to another thread, and a child that was
 *       killed gets no further ({@link Words}).
 *   <li>A child's exits and its standard streams are its own ({@link ChildThread}).
 *   <li>No other process is looked for: there is none.
 *   <li>In {@code java.util.concurrent} the clock is the simulated one, as it is in the pool; and threads of a pool of
 *       threads don't wait for more to do: their waiting would be the greater part of every schedule.
 * </ul>
 */
final class Rewriter {
    private static final ClassDesc WORDS = ClassDesc.of("dev.procpool.fray.Words");
    private static final ClassDesc CHILD = ClassDesc.of("dev.procpool.fray.ChildThread");
    private static final ClassDesc FRAY = ClassDesc.of("org.pastalab.fray.runtime.Runtime");
    private static final MethodTypeDesc WORD_ACCESS =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_int);

    private final Path classes;
    private final Path target;
    private int changes;

    private Rewriter(Path classes, Path target) {
        this.classes = classes;
        this.target = target;
    }

    /** Arguments: where the pool's classes are, where the changed ones go, and where those of the JDK go, if wanted. */
    public static void main(String[] args) throws IOException {
        Rewriter pool = new Rewriter(Path.of(args[0]), Path.of(args[1]));
        pool.rewrite("wire/ControlBlock", Rewriter::watchWords, 20);
        pool.rewrite("child/StdioGuard", Rewriter::ownStreams, 3);
        pool.rewrite("os/ProcessTree", Rewriter::noOtherProcesses, 1);
        pool.rewrite("child/CallLoop", Rewriter::ownExit, 1);
        pool.rewrite("child/Heartbeat", Rewriter::ownExit, 1);
        if (args.length > 2) {
            new Rewriter(Path.of(args[0]), Path.of(args[2])).simulateClock();
        }
    }

    /** Writes something else than an instruction, or more; false if it has left it alone. */
    @FunctionalInterface
    private interface Change {
        boolean apply(CodeBuilder code, CodeElement element, int lastConstant);
    }

    /** The class is found by the end of its path, whatever package that of the pool is in. */
    private void rewrite(String name, Change change, int atLeast) throws IOException {
        Path file;
        try (Stream<Path> files = Files.walk(classes)) {
            file = files.filter(path -> path.endsWith(name + ".class"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no class " + name + " in " + classes));
        }
        changes = 0;
        byte[] bytes = rewrite(Files.readAllBytes(file), change);
        if (changes < atLeast) {
            throw new IOException("only " + changes + " places to change in " + name + ", not " + atLeast);
        }
        write(classes.relativize(file).toString(), bytes);
    }

    private byte[] rewrite(byte[] original, Change change) {
        ClassModel model = ClassFile.of().parse(original);
        return ClassFile.of()
                .transformClass(
                        model, ClassTransform.transformingMethods(MethodTransform.transformingCode(new CodeTransform() {
                            private int lastConstant;

                            @Override
                            public void accept(CodeBuilder code, CodeElement element) {
                                if (element instanceof ConstantInstruction constant
                                        && constant.constantValue() instanceof Integer value) {
                                    lastConstant = value;
                                }
                                if (change.apply(code, element, lastConstant)) {
                                    changes++;
                                } else {
                                    code.with(element);
                                }
                            }
                        })));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = target.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static boolean watchWords(CodeBuilder code, CodeElement element, int lastConstant) {
        if (!(element instanceof InvokeInstruction call)
                || !call.owner().asInternalName().equals("java/lang/invoke/VarHandle")) {
            return false;
        }
        boolean reads = call.name().stringValue().startsWith("get");
        code.aload(0).loadConstant(lastConstant).invokestatic(WORDS, reads ? "read" : "write", WORD_ACCESS);
        code.with(element);
        return true;
    }

    private static boolean ownStreams(CodeBuilder code, CodeElement element, int lastConstant) {
        if (!(element instanceof InvokeInstruction call)
                || !call.owner().asInternalName().equals("java/lang/System")
                || !List.of("setIn", "setOut", "setErr").contains(call.name().stringValue())) {
            return false;
        }
        code.invokestatic(CHILD, call.name().stringValue(), call.typeSymbol());
        return true;
    }

    private static boolean ownExit(CodeBuilder code, CodeElement element, int lastConstant) {
        if (!(element instanceof InvokeInstruction call)
                || !call.owner().asInternalName().equals("java/lang/Runtime")
                || !call.name().stringValue().equals("halt")) {
            return false;
        }
        code.invokestatic(CHILD, "halt", call.typeSymbol().insertParameterTypes(0, ClassDesc.of("java.lang.Runtime")));
        return true;
    }

    /** The list of all processes, where marks are looked for, is empty. */
    private static boolean noOtherProcesses(CodeBuilder code, CodeElement element, int lastConstant) {
        if (!(element instanceof InvokeInstruction call)
                || !call.owner().asInternalName().equals("java/io/File")
                || !call.name().stringValue().equals("list")) {
            return false;
        }
        code.pop().aconst_null();
        return true;
    }

    private void simulateClock() throws IOException {
        Path concurrent =
                FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules/java.base/java/util/concurrent");
        List<Path> files;
        try (Stream<Path> all = Files.walk(concurrent)) {
            files = all.filter(path -> path.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            changes = 0;
            byte[] original;
            try (InputStream in = Files.newInputStream(file)) {
                original = in.readAllBytes();
            }
            byte[] bytes = rewrite(original, Rewriter::simulatedClock);
            if (file.endsWith("SynchronousQueue.class")) {
                bytes = rewrite(bytes, Rewriter::impatient);
            }
            if (changes > 0) {
                write("java/util/concurrent/" + concurrent.relativize(file), bytes);
            }
        }
    }

    /** A timed wait for a task is over at once: {@code poll} of the queue underneath doesn't wait. */
    private static boolean impatient(CodeBuilder code, CodeElement element, int lastConstant) {
        if (!(element instanceof InvokeInstruction call)
                || !call.owner().asInternalName().equals("java/util/concurrent/TimeUnit")
                || !call.name().stringValue().equals("toNanos")) {
            return false;
        }
        code.with(element).pop2().lconst_0();
        return true;
    }

    private static boolean simulatedClock(CodeBuilder code, CodeElement element, int lastConstant) {
        if (!(element instanceof InvokeInstruction call)
                || !call.owner().asInternalName().equals("java/lang/System")
                || !call.name().stringValue().equals("nanoTime")) {
            return false;
        }
        code.invokestatic(FRAY, "onNanoTime", call.typeSymbol());
        return true;
    }
}
