package dev.procpool.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.wire.Questions.Question;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionsTest {
    private final Questions questions = ControlBlock.unshared().questions();

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.B", "a.b.C$D", "Ünï.Cödé", "a.b c", "a.b-c", "REPL.$JShell$12"})
    void names_of_classes(String name) {
        assertThat(new Question(Questions.CLASS, 1, name).isProper()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                ".a",
                "a.",
                "a/b",
                "a\\b",
                "a:b",
                "[La;",
                "../../etc/passwd",
                "file:/etc/passwd",
                "a\n"
            })
    void what_is_no_name_of_a_class(String name) {
        assertThat(new Question(Questions.CLASS, 1, name).isProper()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b.txt", "META-INF/services/a.B", "a/b/", "a..b", "...", ".hidden", "a b%20c"})
    void names_of_resources(String name) {
        assertThat(new Question(Questions.RESOURCE, 1, name).isProper()).isTrue();
        assertThat(new Question(Questions.RESOURCES, 1, name).isProper()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../a",
                "a/../b",
                "a/..",
                "./a",
                "a/./b",
                "a//b",
                "a\\..\\b",
                "file:/etc/passwd",
                "http://a/b",
                "a\0b"
            })
    void what_is_no_name_of_a_resource(String name) {
        assertThat(new Question(Questions.RESOURCE, 1, name).isProper()).isFalse();
    }

    @Test
    void names_have_a_longest_length_and_kinds_are_known() {
        assertThat(new Question(Questions.CLASS, 1, "a".repeat(Questions.LONGEST_NAME)).isProper())
                .isTrue();
        assertThat(new Question(Questions.CLASS, 1, "a".repeat(Questions.LONGEST_NAME + 1)).isProper())
                .isFalse();
        assertThat(new Question((byte) 9, 1, "a").isProper()).isFalse();
    }

    @Test
    void a_question_and_an_answer_longer_than_the_ring() {
        byte[] answer = new byte[200_000];
        new Random(1).nextBytes(answer);
        byte[] taken = new byte[answer.length];

        questions.ask(Questions.CLASS, 7, "a.€");
        assertThat(questions.asked()).isEqualTo(1);
        assertThat(questions.question()).isEqualTo(new Question(Questions.CLASS, 7, "a.€"));
        int given = 0;
        int read = 0;
        while (read < answer.length) {
            given += questions.give(answer, given, Math.min(10_000, answer.length - given));
            read += questions.take(taken, read, 7_000);
        }
        assertThat(questions.isDone()).isFalse();
        questions.done(1, true);

        assertThat(taken).isEqualTo(answer);
        assertThat(questions.isDone()).isTrue();
        assertThat(questions.isBrokenOff()).isFalse();
    }

    @Test
    void an_answer_that_is_broken_off() {
        questions.ask(Questions.CLASS, 7, "a");
        questions.give(new byte[10], 0, 10);
        questions.done(1, false);

        assertThat(questions.isDone()).isTrue();
        assertThat(questions.isBrokenOff()).isTrue();
        questions.skip();
        assertThat(questions.take(new byte[10], 0, 10)).isZero();
        questions.ask(Questions.CLASS, 7, "b");
        assertThat(questions.isDone()).isFalse();
    }
}
