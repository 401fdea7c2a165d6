package dev.mme5.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void linesEndWithLineFeedOrAtTheEnd() throws IOException {
        assertThat(lines("a\nb\r\n\nc", 10)).containsExactly("1:a", "2:b", "3:", "4:c");
        assertThat(lines("a\n", 10)).containsExactly("1:a");
        assertThat(lines("\n", 10)).containsExactly("1:");
        assertThat(lines("", 10)).isEmpty();
    }

    @Test
    void aByteOrderMarkIsSkippedAtTheStartOnly() throws IOException {
        assertThat(lines("\ufeffa\n\ufeffb", 10)).containsExactly("1:a", "2:\ufeffb");
        assertThat(lines("\ufeff", 10)).isEmpty();
    }

    @Test
    void aLineBeyondTheLimitIsToldAndSkipped() throws IOException {
        assertThat(lines("12345\n123456\n1", 5)).containsExactly("1:12345", "2 is too long", "3:1");
        assertThat(lines("x".repeat(200_000) + "\ny", 1000)).containsExactly("1 is too long", "2:y");
    }

    @Test
    void linesMayBeLongerThanTheBuffer() throws IOException {
        String longLine = "x".repeat(200_000);

        assertThat(lines(longLine + "\r\ny", 1 << 20)).containsExactly("1:" + longLine, "2:y");
    }

    @Test
    void bytesAreCounted() throws IOException {
        try (LineReader reader = new LineReader(new ByteArrayInputStream("ab\r\nc".getBytes(StandardCharsets.UTF_8)), 10)) {
            reader.next();
            assertThat(reader.consumed()).isEqualTo(4);
            reader.next();
            assertThat(reader.consumed()).isEqualTo(5);
        }
    }

    private static List<String> lines(String text, int maxBytes) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), maxBytes)) {
            for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
                lines.add(line.bytes() == null
                        ? line.number() + " is too long"
                        : line.number() + ":" + new String(line.bytes(), StandardCharsets.UTF_8));
            }
        }
        return lines;
    }
}
