package dev.mme5.tokenizer.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.tokenizer.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code LinkRuleTest} of the engine compares this rule with that of the weights. */
@DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
class TokenizerFilesTest {
    @TempDir
    Path root;

    @BeforeEach
    void withoutLinks() throws IOException {
        root = root.toRealPath();
    }

    @Test
    void aLinkOutOfTheFolderIsRefusedUnlessTheCallerCheckedIt() throws IOException {
        Path outside = Files.writeString(root.resolve("outside.json"), TokenizerFile.hello().json());
        Path folder = Files.createDirectory(root.resolve("model"));
        Path link = Files.createSymbolicLink(folder.resolve("tokenizer.json"), Path.of("../outside.json"));

        assertThatThrownBy(() -> Tokenizer.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(link + ": expected a file in the model folder, found a link to " + outside);
        assertThat(Tokenizer.read(link).encode("hello")).containsExactly(259);
        assertThat(Tokenizer.read(link, outside).encode("hello")).containsExactly(259);
    }

    @Test
    void aLinkIntoTheStoreOfTheCacheIsFollowed() throws IOException {
        Path store = Files.createDirectories(root.resolve("models--o--n/blobs"));
        Path blob = Files.writeString(store.resolve("abc"), "{}");
        Path snapshot = Files.createDirectories(root.resolve("models--o--n/snapshots/0123"));
        Path link = Files.createSymbolicLink(snapshot.resolve("tokenizer.json"), Path.of("../../blobs/abc"));

        assertThat(TokenizerFiles.checked(snapshot, link)).isEqualTo(blob);
    }

    @Test
    void messagesNameTheFileAndNotItsTarget() throws IOException {
        Path target = Files.writeString(root.resolve("abc"), "{}");
        Path file = root.resolve("tokenizer.json");

        assertThatThrownBy(() -> Tokenizer.read(file, target)).isInstanceOf(ModelFormatException.class)
                .hasMessage(file + ": model: missing");
    }
}
