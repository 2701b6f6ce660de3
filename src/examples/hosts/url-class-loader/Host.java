import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Runs the demo, procpool included, from the files that are named, with a loader that knows nothing of the class path. */
public class Host {
    public static void main(String[] arguments) throws Exception {
        List<URL> files = new ArrayList<>();
        for (String file : arguments[0].split(File.pathSeparator)) {
            files.add(new File(file).toURI().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(files.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass("demo.Demo").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }
}
