package demo;

import dev.procpool.ProcessPoolExecutor;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.tuple.Pair;

/** What a program does with a pool, whichever host it runs in: one line that says how many of these things went well. */
public class Demo {
    public record Point(int x, int y) implements Serializable {
        /** Not by equals: the JDK keeps for ever the class, and so the loader, of a record whose equals was called. */
        boolean is(int x, int y) {
            return this.x == x && this.y == y;
        }
    }

    public static class AppException extends RuntimeException {
        public AppException(String message) {
            super(message);
        }
    }

    public static class NamedTask implements Callable<Point>, Serializable {
        @Override
        public Point call() {
            return new Point(5, 6);
        }
    }

    interface Check {
        boolean passes() throws Exception;
    }

    private int checks;
    private int passed;

    void check(String name, Check check) {
        checks++;
        try {
            if (check.passes()) {
                passed++;
                return;
            }
            System.out.println("demo: " + name + " failed");
        } catch (Throwable e) {
            System.out.println("demo: " + name + " failed: " + e);
            e.printStackTrace(System.out);
        }
    }

    static String resource() throws Exception {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        try (InputStream in = context.getResourceAsStream("demo.txt")) {
            return in == null ? "none" : new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
    }

    static boolean throwsOwnException(ProcessPoolExecutor pool) throws Exception {
        try {
            pool.submit(() -> {
                        if (Thread.currentThread().isAlive()) {
                            throw new AppException("as expected");
                        }
                        return 1;
                    })
                    .get();
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof AppException known
                    && known.getMessage().equals("as expected");
        }
    }

    /** The demo; true if all went well. */
    public static boolean run() {
        Demo demo = new Demo();
        long start = System.nanoTime();
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.create(2)) {
            int six = 6;
            demo.check("lambda", () -> pool.submit(() -> six * 7).get() == 42);
            long first = (System.nanoTime() - start) / 1_000_000;
            demo.check("third-party class", () -> pool.submit(() -> StringUtils.reverse("abc")).get().equals("cba"));
            demo.check("third-party result", () -> pool.submit(() -> Pair.of(1, "a")).get().equals(Pair.of(1, "a")));
            demo.check("own record", () -> pool.submit(() -> new Point(1, 2)).get().is(1, 2));
            demo.check("own task", () -> pool.submit(new NamedTask()).get().is(5, 6));
            demo.check("callback", () -> pool.submit(new NamedTask()).thenApply(Point::x).get() == 5);
            demo.check("own exception", () -> throwsOwnException(pool));
            demo.check("map", () -> pool.map(x -> new Point(x, x), List.of(1, 2)).mapToInt(Point::y).sum() == 3);
            demo.check("resource", () -> pool.submit(() -> resource()).get().equals("a resource"));
            System.out.println("demo: " + demo.passed + " of " + demo.checks + " passed, first result after " + first
                    + " ms");
        }
        return demo.passed == demo.checks;
    }

    public static void main(String[] args) {
        run();
    }
}
