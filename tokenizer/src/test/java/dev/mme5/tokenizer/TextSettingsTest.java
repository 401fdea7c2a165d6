package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Finding the settings of sentence-transformers. */
class TextSettingsTest {
    @TempDir
    Path folder;

    @Test
    void aFolderMayHaveNone() throws IOException {
        Files.writeString(folder.resolve("sentence_bert_config.json.txt"), "{}");
        Files.writeString(folder.resolve("sentence_other_config.json"), "{}");

        assertThat(TextSettings.find(folder)).isEmpty();
        assertThat(TextSettings.find(folder.resolve("missing"))).isEmpty();
    }

    @Test
    void theCurrentNameComesBeforeTheOlderOnes() throws IOException {
        Path older = Files.writeString(folder.resolve("sentence_xlm-roberta_config.json"), "{}");
        assertThat(TextSettings.find(folder)).contains(older);

        Path current = Files.writeString(folder.resolve("sentence_bert_config.json"), "{}");
        assertThat(TextSettings.find(folder)).contains(current);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
    void aLinkToNowhereComesBeforeAnOlderFile() throws IOException {
        Files.writeString(folder.resolve("sentence_roberta_config.json"), "{}");
        Path link = Files.createSymbolicLink(folder.resolve("sentence_bert_config.json"), Path.of("missing.json"));

        assertThat(TextSettings.find(folder)).contains(link);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)   // other limits and messages
    void aFailureIsNotTakenForAbsence() {
        Path tooLong = folder.resolve("x".repeat(300));

        assertThatThrownBy(() -> TextSettings.find(tooLong)).isInstanceOf(ModelFormatException.class)
                .hasMessage(tooLong.resolve("sentence_bert_config.json") + ": cannot be read: File name too long");
    }
}
