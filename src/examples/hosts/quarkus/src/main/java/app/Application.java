package app;

import demo.Demo;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

@QuarkusMain
public class Application implements QuarkusApplication {
    @Override
    public int run(String... arguments) {
        return Demo.run() ? 0 : 1;
    }
}
