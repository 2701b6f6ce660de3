package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger, curl for instance, gets from the server. */
class FlagServerTest {
    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "DELETE"})
    void allButGetIsRefusedAndNotCounted(String method) throws Exception {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            HttpResponse<String> response = send(server.site(Site.LOCAL) + "/br.svg", method);
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET");
            assertThat(send(server.site(Site.LOCAL) + "/stats", "GET").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void theManifestListsTheCodes() throws Exception {
        try (FlagServer server = FlagServer.start(0, SiteBehaviour.DEFAULT)) {
            URI manifest = server.site(Site.LOCAL).resolve("/manifest");
            assertThat(send(manifest.toString(), "GET").body().lines()).containsExactlyElementsOf(FlagImages.codes());
        }
    }

    private static HttpResponse<String> send(String url, String method) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
