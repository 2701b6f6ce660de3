package app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import demo.Demo;
import org.junit.jupiter.api.Test;

class DemoTest {
    @Test
    void in_the_jvm_of_maven() {
        assertTrue(Demo.run());
    }
}
