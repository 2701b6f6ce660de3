package app;

import demo.Demo;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class Application {
    @Bean
    CommandLineRunner demo() {
        return arguments -> Demo.run();
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
