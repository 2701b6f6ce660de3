package dev.procpool.cli;

import dev.procpool.jobs.FileErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says in one line why something failed. */
final class Failures {
    private Failures() {}

    static String describe(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof IOException e) {
            return FileErrors.reason(e);
        }
        String message = cause.getMessage();
        if (cause instanceof UncheckedIOException && message != null) {
            return message;
        }
        String type = cause.getClass().getSimpleName();
        return message == null ? type : type + ": " + message;
    }
}
