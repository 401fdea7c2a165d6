package dev.mme5.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentCheckTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            [{"text":"a"}]                            | is a JSON array
            [~ {"text":"a"},~ {"text":"b"}~]          | is a JSON array
            [~ "a",~ "b"~]                            | is a JSON array
            ~~ [                                      | is a JSON array
            ["a",~"b"]                                | is a JSON array
            {~ "text": "a"~}                          | is a JSON object of several lines
            {"data": [~ {"text":"a"}~]}               | is a JSON object of several lines
            {"a": 1,~ "b": 2}                         | is a JSON object of several lines
            {"a":~ 1}                                 | is a JSON object of several lines
            {"a": {"x":1}~}                           | is a JSON object of several lines
            version https://git-lfs.github.com/spec/v1~oid | is a git-lfs pointer
            PAR1                                      | is a Parquet file
            """)
    void contentThatIsNotLinesIsNamed(String content, String problem) {
        assertThat(problem(content.replace('~', '\n'))).startsWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "\n\n", "[[[[[[", "[1]", "[\"a\"]\n", "{\"text\":\"a\"}", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n", "oops\n{\"text\":\"b\"}\n",
        "[1]\n{\"text\":\"b\"}\n",
        "{\"text\":\"a\"\n{\"text\":\"b\"}\n", "{\"text\":\"a\n{\"text\":\"b\"}\n", "{\"a\":1,\n{\"text\":\"b\"}\n",
        "{\n{\"text\":\"b\"}\n",
        "[\"a\n{\"text\":\"b\"}\n", "[]]\n{\"text\":\"b\"}\n", "{\"text\":\"a\", ", "{\"text\":\"\\\"[{\"}\n",
        "\u007b\"id\":[1,2],\"text\":\"]\"}\n"
    })
    void linesAreLinesEvenIfSomeAreWrong(String content) {
        assertThat(problem(content)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1f8b08, gzip", "28b52ffd, zstd", "504b0304, zip", "fffe7b00, UTF-16", "feff007b, UTF-16"})
    void compressedAndOtherTextIsNamed(String hex, String name) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);
        assertThat(ContentCheck.problem(bytes, 0, bytes.length).orElse("")).contains(name);
    }

    private static String problem(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return ContentCheck.problem(bytes, 0, bytes.length).orElse("");
    }
}
