import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Deploys the war that is named, undeploys it, and says whether anything of it is left. */
public class Server {
    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory("tomcat").toString());
        tomcat.setPort(0);
        tomcat.getHost().setAppBase("webapps");
        Files.createDirectories(Path.of(tomcat.getServer().getCatalinaBase().toString(), "webapps"));
        tomcat.start();
        WeakReference<ClassLoader> loader = deployAndUndeploy(tomcat, Path.of(arguments[0]));
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(100);
        }
        System.out.println(loader.get() == null ? "undeployed: the loader is collected" : "undeployed: LEAK");
        tomcat.stop();
        tomcat.destroy();
    }

    private static WeakReference<ClassLoader> deployAndUndeploy(Tomcat tomcat, Path war) throws Exception {
        Context context = tomcat.addWebapp("/app", war.toAbsolutePath().toString());
        WeakReference<ClassLoader> loader =
                new WeakReference<>(context.getLoader().getClassLoader());
        context.stop();
        tomcat.getHost().removeChild(context);
        return loader;
    }
}
