package dev.mme5.hub.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"config.json", "1_Pooling/config.json", "a/b/c/d.txt", "model-00001-of-00005.safetensors", "é.json", "..x", "x..",
                "console.json", "a..b/c"})
    void plainNamesAndSubfoldersAreNoEscapes(String name) {
        assertThat(FileNames.isEscape(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../a", "a/..", "a/../b", "/a", "\\a", "C:a", "c:\\a", "a\\..\\b", "//host/a", "\\\\host\\a", "a\0b"})
    void pathsElsewhereAreEscapes(String name) {
        assertThat(FileNames.isEscape(name)).isTrue();
        assertThat(FileNames.problem(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a//b", "./a", "a/", "a.", "a ", "x..", "nul", "NUL.txt", "a/com1", "lpt9.json", "a:b", "a*b", "a?b",
        "a\tb",
        "a\u202eb", ".git/config", ".cache/x", ".CACHE/x", "a/b/c/d/e/f/g/h/i"})
    void oddNamesAreNotWritten(String name) {
        assertThat(FileNames.problem(name)).isPresent();
    }

    @Test
    void namesThatAreOneFileElsewhereCollide() {
        assertThat(FileNames.collision(List.of("a", "b", "c/a"))).isEmpty();
        assertThat(FileNames.collision(List.of("Readme", "README"))).contains("README");
        assertThat(FileNames.collision(List.of("\u00e9", "e\u0301"))).isPresent();
        assertThat(FileNames.collision(List.of("a/b", "A"))).contains("a/b");
    }
}
