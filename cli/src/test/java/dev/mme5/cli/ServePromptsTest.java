package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mme5 serve} takes the prompts of {@code mme5 search}: one index, the same scores. */
@Timeout(120)
class ServePromptsTest {
    private static final Path MODEL = Path.of("engine/src/test/resources/golden-encoder/models/xlm-roberta-mean").toAbsolutePath();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"--document-prompt-name, passage", "--document-prompt, 'passage:\\n'"})
    void servesTheIndexAndTheScoresOfASearch(String option, String value) throws Exception {
        Path texts = writeTexts();
        List<String> prompts = List.of(option, value, "--prompt-name", "query");
        String[] command = command(List.of("search", "--in", "texts", "--format", "jsonl", "how much protein"), prompts);
        Cli.Ran search = new Cli().folder(folder).model(MODEL).start(command);
        assertThat(search.err()).contains("2 embedded now");
        byte[] index = Files.readAllBytes(texts.resolve(".mme5-index.safetensors"));

        JsonArray found = serve(command(List.of("serve", "--port", "0", "--in", "texts", "--model", MODEL.toString()), prompts));

        assertThat(scores(found, "name")).hasSize(2).isEqualTo(
                scores(JsonReader.parseObject(search.out().getBytes(StandardCharsets.UTF_8), "search").array("matches"), "id"));
        assertThat(new Cli().folder(folder).model(MODEL).start(command).err()).doesNotContain("embedded now");
        assertThat(texts.resolve(".mme5-index.safetensors")).hasBinaryContent(index);
    }

    /** Each makes its own: neither finds the other's. */
    @ParameterizedTest
    @CsvSource({"'', ''", "--document-prompt-name, passage", "--document-prompt, 'passage:\\n'"})
    void writesTheIndexOfASearchToTheByte(String option, String value) throws Exception {
        Path texts = writeTexts();
        List<String> prompts = option.isEmpty() ? List.of() : List.of(option, value, "--prompt-name", "query");
        Path index = texts.resolve(".mme5-index.safetensors");
        new Cli().folder(folder).model(MODEL).start(command(List.of("search", "--in", "texts", "protein"), prompts));
        byte[] ofSearch = Files.readAllBytes(index);
        Files.delete(index);

        serve(command(List.of("serve", "--port", "0", "--in", "texts", "--model", MODEL.toString()), prompts));

        assertThat(index).hasBinaryContent(ofSearch);
    }

    private Path writeTexts() throws Exception {
        Path texts = Files.createDirectory(folder.resolve("texts"));
        Files.createDirectory(texts.resolve("more"));
        writeText(texts.resolve("protein.txt"), "the requirement of protein is 46 grams per day");
        writeText(texts.resolve("more/other.txt"), "the guideline of the female");
        writeText(texts.resolve("empty.txt"), "");
        Thread.sleep(60); // times of files that have just been changed are not trusted
        return texts;
    }

    private static void writeText(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(10)));
    }

    private static String[] command(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toArray(String[]::new);
    }

    private static List<String> scores(JsonArray matches, String name) {
        List<String> scores = new ArrayList<>();
        for (int i = 0; i < matches.size(); i++) {
            JsonObject match = matches.object(i);
            scores.add(match.text(name) + " " + Float.parseFloat(((Json.Number) match.get("score")).literal()));
        }
        return scores;
    }

    private JsonArray serve(String... arguments) throws Exception {
        Path messages = folder.resolve("messages");
        Process server = new ProcessBuilder(CliJvm.command(List.of(arguments))).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(messages.toFile()).start();
        try {
            while (server.isAlive() && address(messages) == null) Thread.sleep(50);
            assertThat(server.isAlive()).as(Files.readString(messages)).isTrue();
            String address = address(messages);
            while (!send(address + "/library", null).contains("\"state\":\"ready\"")) Thread.sleep(50);
            String answer = send(address + "/library/search", "{\"text\": \"how much protein\"}");
            return JsonReader.parseObject(answer.getBytes(StandardCharsets.UTF_8), "answer").array("matches");
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** @param body null for GET */
    private static String send(String address, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
        if (body != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream answer = connection.getInputStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String address(Path messages) throws Exception {
        return Files.readAllLines(messages).stream().filter(line -> line.startsWith("http://")).findFirst().orElse(null);
    }
}
