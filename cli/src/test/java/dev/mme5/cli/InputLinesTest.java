package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputLinesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"id":"x","text":"a"}              | "x"
        {"id":7,"text":"a"}                | 7
        {"id":-1.50e3,"text":"a"}          | -1.50e3
        {"id":12345678901234567890,"text":"a"} | 12345678901234567890
        {"id":true,"text":"a"}             | true
        {"id":null,"text":"a"}             | null
        {"id":"\\u00e9\\n","text":"a"}     | "é\\n"
        {"id":"","text":"a"}               | ""
        {"text":"a"}                       | 1
        """)
    void anIdIsEchoedWithItsTypeAndIsElseTheLineNumber(String line, String id) {
        Ran ran = embed(line);

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("{\"id\":" + id + ",\"tokens\":");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        {"id":"x"}                                    ~ "x" ~ line 1: expected prompt, text or images, found none of them
        {"id":"x","images":[]}                        ~ "x" ~ line 1: expected prompt, text or images, found none of them
        {"id":"x","text":"a","prompt":"b"}            ~ "x" ~ line 1: prompt: found next to text, expected one of them
        {"id":"x","text":5}                           ~ "x" ~ line 1: text: expected a string, found 5
        {"id":"x","prompt":["a"]}                     ~ "x" ~ line 1: prompt: expected a string, found an array
        {"id":"x","text":"a","images":"a.png"}        ~ "x" ~ line 1: images: expected an array, found "a.png"
        {"id":"x","text":"a","images":[1]}            ~ "x" ~ line 1: images[0]: expected a string, found 1
        {"id":"x","text":"a","max_tokens":0}          ~ "x" ~ line 1: max_tokens: expected at least 1, found 0
        {"id":"x","text":"a","max_tokens":1.5}        ~ "x" ~ line 1: max_tokens: expected an integer, found 1.5
        {"id":"x","text":"a","image":"a.png"}         ~ "x" \
            ~ line 1: image: is not a member of an input, expected id, prompt, text, images, max_tokens or special
        {"id":"x","text":"a","Images":["a.png"]}      ~ "x" \
            ~ line 1: Images: is not a member of an input, expected id, prompt, text, images, max_tokens or special
        {"id":"x","text":"a","max-tokens":3}          ~ "x" \
            ~ line 1: max-tokens: is not a member of an input, expected id, prompt, text, images, max_tokens or special
        {"id":"x","text":"a","prompt_name":"query"}   ~ "x" \
            ~ line 1: prompt_name: is not a member of an input, expected id, prompt, text, images, max_tokens or special
        {"id":["x"],"text":"a"}                       ~ 1   ~ line 1: id: expected a string or a number, found an array
        {"id":"x","text":"a"                          ~ 1   ~ line 1: byte 20: expected ',' or '}', found the end
        {"id":"x","text":"a","text":"b"}              ~ 1   ~ line 1: byte 21: duplicate name "text"
        ["text"]                                      ~ 1   ~ line 1: expected an object, found an array
        "text"                                        ~ 1   ~ line 1: expected an object, found "text"
        {"id":"x","prompt":"<|image|>a"}              ~ "x" ~ the prompt has 1 <|image|> for 0 images
        {"id":"x","text":"<|image|>a"}                ~ "x" ~ the prompt has 1 <|image|> for 0 images
        """)
    void aWrongLineFailsAloneAndSaysWhy(String line, String id, String error) {
        Ran ran = embed(line + "\n{\"id\":\"after\",\"text\":\"a\"}\n");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines().getFirst()).startsWith("{\"id\":" + id + ",\"error\":");
        assertThat(ran.json().get(0).text("error")).isEqualTo(error);
        assertThat(ran.json().get(1).text("id")).isEqualTo("after");
    }

    @Test
    void membersOfTheUsersOwnArePassedOver() {
        assertThat(embed("{\"text\":\"a\",\"label\":3,\"lang\":\"de\",\"title\":{}}").status()).isZero();
    }

    @Test
    void nullIsTheSameAsNotThere() {
        Ran ran = embed("{\"text\":\"a\",\"prompt\":null,\"images\":null,\"max_tokens\":null}");

        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void blankLinesAreSkippedButCounted() {
        Ran ran = embed("\n  \t\n{\"text\":\"a\"}\n\r\n{\"text\":\"b\"}");

        assertThat(ids(ran)).containsExactly("3", "5");
        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void windowsLinesAndAByteOrderMarkAreRead() {
        Ran ran = embed("\ufeff{\"text\":\"a\"}\r\n{\"text\":\"b\"}\r\n");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ids(ran)).containsExactly("1", "2");
    }

    @Test
    void whatIsNotUtf8FailsAlone() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.write("{\"text\":\"".getBytes(StandardCharsets.UTF_8));
        lines.write(0xE9);
        lines.write("\"}\n{\"text\":\"é\"}\n".getBytes(StandardCharsets.UTF_8));

        Ran ran = new Cli().stdin(lines.toByteArray()).start("embed", "--input", "-");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.json().get(0).text("error")).isEqualTo("line 1: byte 9: not UTF-8");
        assertThat(ran.json().get(1).has("embedding")).isTrue();
    }

    @Test
    void theFormsOfAnInputAreThoseOfTheLibrary() {
        String image = Cli.IMAGE.toString();
        Ran ran = embed("""
            {"images":["IMAGE"]}
            {"text":"Represent the given image.\\n","images":["IMAGE"]}
            {"prompt":"<|image|><|begin_of_text|>Represent the given image.\\n","images":["IMAGE"]}
            {"prompt":"<|image|>Represent the given image.\\n","images":["IMAGE"]}
            """.replace("IMAGE", image));

        assertThat(ran.status()).as(ran.err()).isZero();
        List<String> vectors = ran.lines().stream().map(line -> line.substring(line.indexOf("tokens"))).distinct().toList();
        assertThat(vectors).hasSize(1);
    }

    @Test
    void severalImagesMayStandInOnePrompt() {
        String image = Cli.IMAGE.toString();
        Ran ran = embed("{\"text\":\"both\",\"images\":[\"%s\",\"%s\"]}".formatted(image, Cli.OTHER_IMAGE));

        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void aLinesMaxTokensCutsThatLine() {
        Ran ran = embed("{\"text\":\"A cat and a dog\",\"max_tokens\":2}\n{\"text\":\"A cat and a dog\"}");

        assertThat(ran.json()).extracting(line -> line.integer("tokens")).containsExactly(2, 6);
        assertThat(ran.json()).extracting(line -> line.bool("truncated")).containsExactly(true, false);
    }

    @Test
    void imagePathsBeginAtTheInputFile() throws IOException {
        Files.createDirectory(folder.resolve("images"));
        Files.copy(Cli.IMAGE, folder.resolve("images/a.png"));
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"images\":[\"images/a.png\"]}\n");

        assertThat(Cli.run("embed", "--input", input.toString()).status()).isZero();
    }

    @Test
    void imagePathsOfStdinBeginAtTheWorkingDirectory() throws IOException {
        Files.copy(Cli.IMAGE, folder.resolve("a.png"));

        Ran ran = new Cli().folder(folder).stdin("{\"images\":[\"a.png\"]}").start("embed", "--input", "-");

        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void aBrokenImageFailsAlone() throws IOException {
        byte[] whole = Files.readAllBytes(Cli.IMAGE);
        Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"images\":[\"half.png\"]}\n{\"text\":\"a\"}\n");

        Ran ran = Cli.run("embed", "--input", input.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.json().get(0).text("error")).contains("half.png");
        assertThat(ran.json().get(1).has("embedding")).isTrue();
    }

    @Test
    void aPathThatIsNoneFailsAlone() {
        Ran ran = embed("{\"images\":[\"a\\u0000b\"]}\n{\"text\":\"a\"}");

        assertThat(ran.json().get(0).text("error")).startsWith("line 1: images[0]: is not a path");
    }

    @Test
    void commandLineInputsComeBeforeThoseOfTheFile() {
        Ran ran = new Cli().stdin("{\"id\":\"line\",\"text\":\"b\"}").start("embed", "a", "--input", "-");

        assertThat(ids(ran)).containsExactly("1", "\"line\"");
    }

    @Test
    void orderIsKeptOverManyChunks() {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 700; i++) lines.append(i % 50 == 0 ? "oops\n" : "{\"text\":\"number " + i + "\"}\n");

        Ran ran = embed(lines.toString());

        assertThat(ran.json()).extracting(line -> line.integer("id")).isSorted().hasSize(700);
        assertThat(ran.json().stream().filter(line -> line.has("error"))).hasSize(14);
        assertThat(ran.err()).isEqualTo("mme5: 14 of 700 inputs failed\n");
    }

    @Test
    void anEmptyFileHasNoResults() {
        Ran ran = embed("");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isEmpty();
    }

    private static Ran embed(String lines) {
        return new Cli().stdin(lines).start("embed", "--input", "-");
    }

    private static List<String> ids(Ran ran) {
        return ran.json().stream().map(InputLinesTest::id).toList();
    }

    private static String id(JsonObject line) {
        return line.get("id").toString();
    }
}
