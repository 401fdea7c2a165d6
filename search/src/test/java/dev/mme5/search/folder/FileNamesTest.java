package dev.mme5.search.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FileNamesTest {
    @Test
    void bytesThatAreNoUtf8AreEscaped() {
        assertThat(decode("a\u00ff.txt")).isEqualTo("a\\xFF.txt");
        assertThat(decode("\u00c3\u0084\u00c3.txt")).isEqualTo("Ä\\xC3.txt");
        assertThat(decode("\u00e9\u00a3\u009b")).isEqualTo("飛");
        assertThat(decode("\u00ed\u00a0\u0080")).isEqualTo("\\xED\\xA0\\x80"); // half of a surrogate pair
        assertThat(decode("\u00e9\u00a3")).isEqualTo("\\xE9\\xA3");
        assertThat(decode("\u00ef\u00bf\u00bd")).isEqualTo("\uFFFD");
    }

    @Test
    void differentNamesHaveDifferentIds() {
        String[] names = {"\u00ff", "\\xFF", "\\x5CxFF", "\\xff", "\\\u00ff", "\\\\xFF", "\\", "\u00fe", "\u00ff\u00fe",
            "\u00ef\u00bf\u00bd", "x", "\\x5C"};
        Set<String> ids = new HashSet<>();
        for (String name : names) ids.add(decode(name));

        assertThat(ids).hasSize(names.length);
    }

    private static String decode(String bytes) {
        return FileNames.decode(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
