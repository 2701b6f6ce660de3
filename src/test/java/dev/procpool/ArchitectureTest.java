package dev.procpool;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom: the direction in which the packages point, and what stays out of the pool. */
class ArchitectureTest {
    private static final String ROOT = "dev.procpool";

    private static final JavaClasses MAIN = compiledBeside(TaskExecutor.class);
    private static final JavaClasses TESTS = compiledBeside(ArchitectureTest.class);

    /** The classes whose job is to hold the JVM's naked System.out or System.err. */
    private static final List<String> HOLDERS_OF_STDOUT = List.of(
            "dev.procpool.WorkerOutput",
            "dev.procpool.child.ChildMain",
            "dev.procpool.child.StdioGuard",
            "dev.procpool.child.Rehearsal");

    /** A package and the packages of procpool that it may use. */
    private record Layer(String name, String... mayUse) {
        @Override
        public String toString() {
            return name.isEmpty() ? "(root)" : name;
        }
    }

    static Stream<Layer> pool() {
        return Stream.of(
                new Layer("wire"),
                new Layer("codec", "wire"),
                new Layer("child", "wire", "codec"),
                new Layer("local", "wire", "codec"),
                new Layer("worker", "wire", "codec"),
                new Layer("dispatch", "wire", "codec", "worker"),
                new Layer("", "wire", "codec", "worker", "dispatch", "local"));
    }

    @ParameterizedTest
    @MethodSource("pool")
    void knowsOnlyTheLayersBelow(Layer layer) {
        String[] allowed = Stream.concat(Stream.of(layer.name()), Stream.of(layer.mayUse()))
                .map(ArchitectureTest::packageOf)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packageOf(layer.name()))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(describe(
                                "not of " + layer + " or a layer below",
                                c -> !resideInAnyPackage(allowed).test(c))))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("pool")
    void usesNothingButTheJdkAndCommonsExec(Layer layer) {
        classes()
                .that()
                .resideInAPackage(packageOf(layer.name()))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "..",
                        "java..",
                        "javax..",
                        "jdk..",
                        "com.sun.management..",
                        "sun.misc..",
                        "org.apache.commons.exec..",
                        "org.jspecify..")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void onlyTheCommandsPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackages(packageOf("cli"), packageOf("lab"), packageOf("jobs"), packageOf("soak"))
                .and(describe("do not hold them by profession", c -> !HOLDERS_OF_STDOUT.contains(outermost(c))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(MAIN);
    }

    @Test
    void nobodyLogs() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.slf4j..")
                .because("a library that logs chooses for its users; failures travel in futures, counts in PoolStats")
                .check(MAIN);
    }

    @Test
    void noTestIsSwitchedOff() {
        noClasses().should().beAnnotatedWith(Disabled.class).check(TESTS);
        noMethods().should().beAnnotatedWith(Disabled.class).check(TESTS);
    }

    private static String outermost(JavaClass nested) {
        return nested.getEnclosingClass().map(ArchitectureTest::outermost).orElse(nested.getName());
    }

    private static JavaClasses compiledBeside(Class<?> type) {
        return new ClassFileImporter()
                .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
    }

    private static String packageOf(String layer) {
        return layer.isEmpty() ? ROOT : ROOT + "." + layer;
    }
}
