package dev.procpool;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

    private static final String INTERNAL = ROOT + ".internal";
    private static final String[] LIBRARY = {ROOT, INTERNAL + ".."};

    /** The public types through which one gets into the engine; the others are only said what, and know nothing of it. */
    private static final Set<String> DOORS =
            Set.of("ProcessPoolExecutor", "TaskExecutor", "Futures", "Shared", "SharedBytes", "Codec", "WorkerOutput");

    /** Options check what they are given in the same words as the doors do. */
    private static final Set<String> CHECKED_OPTIONS = Set.of("TaskOptions", "MapOptions");

    /** What stands on the library and uses more of it than is public, and why. */
    private static final Map<String, Set<String>> INSIDERS = Map.of(
            // Makes an archive of the classes of a worker.
            "cli.RehearseCommand", Set.of("child.Rehearsal"),
            // Look at what a pool leaves behind.
            "soak.Resources", Set.of("os.ProcessTree"),
            "soak.StartCounts", Set.of("os.PrivateFile"),
            // Sends the same bytes to workers that are not ours.
            "spark.Groups", Set.of("codec.Definitions", "codec.TaskDecoder", "wire.Payload", "wire.PayloadReader"),
            "spark.LeaseLoop",
                    Set.of(
                            "codec.DecodeException",
                            "codec.EncodeException",
                            "codec.TaskDecoder",
                            "codec.TaskEncoder",
                            "codec.ThrowableCodec",
                            "wire.Payload",
                            "wire.PayloadReader"),
            "spark.Leases", Set.of("os.KeepAlive"),
            "spark.Outcomes",
                    Set.of(
                            "codec.DecodeException",
                            "codec.Filters",
                            "codec.TaskDecoder",
                            "codec.ThrowableCodec",
                            "wire.PayloadReader"),
            "spark.SparkExecutor", Set.of("codec.EncodeException", "codec.TaskEncoder", "wire.Payload"),
            "spark.SparkTask", Set.of("wire.Payload"));

    /** The classes whose job is to hold the JVM's naked System.out or System.err. */
    private static final Set<String> HOLDERS_OF_STDOUT = Set.of(
            INTERNAL + ".launch.WorkerSpec",
            INTERNAL + ".child.ChildMain",
            INTERNAL + ".child.StdioGuard",
            INTERNAL + ".child.Rehearsal");

    /** A package of the engine and those that it may use; public types it may use anyway. */
    private record Layer(String name, String... mayUse) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Layer> engine() {
        return Stream.of(
                new Layer("os"),
                new Layer("wire"),
                new Layer("codec", "wire", "os"),
                new Layer("child", "codec", "wire", "os"),
                new Layer("launch", "wire", "os"),
                new Layer("worker", "launch", "wire", "os"),
                new Layer("dispatch", "worker", "codec", "wire", "os"),
                new Layer("pool", "dispatch", "worker", "launch", "codec", "wire", "os"),
                new Layer("inprocess", "pool", "os"),
                new Layer("spawn", "inprocess", "pool", "worker", "launch", "codec", "wire", "os"));
    }

    @ParameterizedTest
    @MethodSource("engine")
    void knowsOnlyTheLayersBelow(Layer layer) {
        String[] allowed = Stream.concat(
                        Stream.of(ROOT, INTERNAL + "." + layer.name()),
                        Stream.of(layer.mayUse()).map(name -> INTERNAL + "." + name))
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(INTERNAL + "." + layer.name())
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(describe(
                                "not public, nor of " + layer + " or a layer below",
                                c -> !resideInAnyPackage(allowed).test(c))))
                .check(MAIN);
    }

    @Test
    void everyPackageOfTheEngineIsALayer() {
        assertThat(MAIN.stream().map(JavaClass::getPackageName).filter(name -> name.startsWith(INTERNAL)))
                .allMatch(name -> engine().anyMatch(layer -> name.equals(INTERNAL + "." + layer.name())));
    }

    @Test
    void onlyTheDoorsOfTheApiUseTheEngine() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .and(describe("are no doors", c -> !DOORS.contains(simpleName(c))))
                .and(describe("are no options", c -> !CHECKED_OPTIONS.contains(simpleName(c))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INTERNAL + "..")
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .and(describe("are options", c -> CHECKED_OPTIONS.contains(simpleName(c))))
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL + "..")
                        .and(describe(
                                "do not check arguments", c -> !simpleName(c).equals("Checks"))))
                .check(MAIN);
    }

    @Test
    void theApiShowsNothingOfTheEngine() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(ROOT)
                .and()
                .areDeclaredInClassesThat()
                .arePublic()
                .and(describe("are seen from outside", ArchitectureTest::isExposed))
                .should(haveInternalTypes())
                .check(MAIN);
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .beAssignableTo(resideInAPackage(INTERNAL + ".."))
                .check(MAIN);
    }

    private static boolean isExposed(JavaMethod method) {
        return method.getModifiers().contains(JavaModifier.PUBLIC)
                || method.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static ArchCondition<JavaMethod> haveInternalTypes() {
        return new ArchCondition<>("have internal types in their signature") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Set<JavaClass> types = new HashSet<>(method.getReturnType().getAllInvolvedRawTypes());
                method.getParameterTypes().forEach(type -> types.addAll(type.getAllInvolvedRawTypes()));
                boolean internal = types.stream().anyMatch(resideInAPackage(INTERNAL + ".."));
                events.add(new SimpleConditionEvent(method, internal, method.getFullName() + " uses " + types));
            }
        };
    }

    @Test
    void theLibraryKnowsNothingOfWhatStandsOnIt() {
        noClasses()
                .that()
                .resideInAnyPackage(LIBRARY)
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..")
                        .and(describe(
                                "not of the library",
                                c -> !resideInAnyPackage(LIBRARY).test(c))))
                .check(MAIN);
    }

    @Test
    void whatStandsOnTheLibraryUsesWhatIsPublic() {
        noClasses()
                .that()
                .resideOutsideOfPackages(LIBRARY)
                .should(useMoreOfTheEngineThanTheyMay())
                .check(MAIN);
    }

    private static ArchCondition<JavaClass> useMoreOfTheEngineThanTheyMay() {
        return new ArchCondition<>("use more of the engine than they may") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String name = outermost(type).substring(ROOT.length() + 1);
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String target = outermost(dependency.getTargetClass());
                    boolean internal = target.startsWith(INTERNAL);
                    boolean allowed = internal
                            && INSIDERS.getOrDefault(name, Set.of()).contains(target.substring(INTERNAL.length() + 1));
                    events.add(new SimpleConditionEvent(type, internal && !allowed, dependency.getDescription()));
                }
            }
        };
    }

    @Test
    void theLibraryUsesNothingButTheJdkAndCommonsExec() {
        classes()
                .that()
                .resideInAnyPackage(LIBRARY)
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
                .check(MAIN);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
        slices().matching(INTERNAL + ".(**)").should().beFreeOfCycles().check(MAIN);
        slices().matching(ROOT + ".lab.(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void onlyTheCommandsPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli", ROOT + ".lab", ROOT + ".jobs", ROOT + ".soak")
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

    private static String simpleName(JavaClass nested) {
        String name = outermost(nested);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static JavaClasses compiledBeside(Class<?> type) {
        return new ClassFileImporter()
                .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
    }
}
