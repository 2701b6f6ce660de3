package dev.procpool.fray;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the test classes that are named until one test fails, and names that. */
final class UnitTests {
    private UnitTests() {}

    public static void main(String[] classes) {
        DiscoverySelector[] selectors =
                Arrays.stream(classes).map(DiscoverySelectors::selectClass).toArray(DiscoverySelector[]::new);
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
        int[] passed = {0};
        String[] current = {"no test"};
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionStarted(TestIdentifier test) {
                current[0] = nameOf(test);
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failed(nameOf(test), result.getThrowable().orElse(null));
                } else if (test.isTest()) {
                    passed[0]++;
                }
            }
        };
        try {
            LauncherFactory.create().execute(request, listener);
        } catch (OutOfMemoryError e) { // a test that goes round and round
            failed(current[0], e);
        }
        System.out.println("ok " + passed[0] + " tests");
        Runtime.getRuntime().halt(passed[0] > 0 ? 0 : 2);
    }

    private static String nameOf(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getClassName().replaceAll(".*\\.", "") + "." + method.getMethodName())
                .orElse(test.getDisplayName());
    }

    private static void failed(String test, @Nullable Throwable thrown) {
        System.out.println("FAILED " + test + ": " + thrown);
        Runtime.getRuntime().halt(1); // the others may hang
    }
}
