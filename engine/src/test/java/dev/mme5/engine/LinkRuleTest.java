package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.file.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tokenizer does not depend on the module of the weights, so each has the rule for symbolic links. Here both meet the same
 * folders and must decide alike, with the same words.
 */
@DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
class LinkRuleTest {
    private static final Path SOURCE = Path.of("../models/mini");
    private static final List<String> FILES = List.of("tokenizer.json", "tokenizer_config.json");

    @TempDir
    Path root;

    @BeforeEach
    void withoutLinks() throws IOException {
        root = root.toRealPath();
        copy("outside", "");
    }

    @Test
    void filesOfTheFolderAndLinksInsideItAreRead() throws IOException {
        assertAccepted(copy("plain", ""));
        assertAccepted(links(copy("inside", "x-"), "x-"));
        assertAccepted(Files.createSymbolicLink(root.resolve("folder-link"), root.resolve("plain")));
    }

    @Test
    void linksIntoTheStoreOfTheCacheAreRead() throws IOException {
        copy("models--o--n/blobs", "");

        assertAccepted(links(Files.createDirectories(root.resolve("models--o--n/snapshots/0123")), "../../blobs/"));
        assertAccepted(links(Files.createDirectories(root.resolve("models--o--n/snapshots/0123/part")), "../../../blobs/"));
    }

    /** huggingface_hub can keep blobs in a store that all repositories share. */
    @Test
    void blobsThatAreLinksIntoTheStoreOfAllRepositoriesAreRead() throws IOException {
        copy("blobs/ab", "");
        Path blobs = links(folder("models--o--n/blobs"), root.resolve("blobs/ab") + "/");
        links(folder("models--p--n/blobs"), "../../blobs/ab/");

        assertAccepted(links(folder("models--o--n/snapshots/0123"), "../../blobs/"));
        assertAccepted(links(folder("models--p--n/snapshots/0123"), "../../blobs/"));
        assertAccepted(links(folder("models--p--n/snapshots/0123/part"), "../../../blobs/"));
        assertAccepted(Files.createSymbolicLink(root.resolve("link-to-snapshot"), root.resolve("models--o--n/snapshots/0123")));

        String refusal = "expected a file in the model folder, found a link to";
        assertRefused(links(folder("models--o--n/snapshots/4567"), "../../../blobs/ab/"), refusal);   // not by way of a blob
        assertRefused(links(folder("o--n/snapshots/0123"), blobs + "/"), refusal);
        links(folder("n/blobs"), "../../blobs/ab/");
        assertRefused(links(folder("n/snapshots/0123"), "../../blobs/"), refusal);   // not a cache
        links(folder("models--q--n/blobs"), "../../outside/");
        assertRefused(links(folder("models--q--n/snapshots/0123"), "../../blobs/"), refusal);
    }

    @Test
    void linksOutOfTheFolderAreRefused() throws IOException {
        copy("models--other/blobs", "");

        assertRefused(links(folder("relative"), "../outside/"), "expected a file in the model folder, found a link to");
        assertRefused(links(folder("absolute"), root.resolve("outside") + "/"), "expected a file in the model folder, found a link to");
        assertRefused(links(Files.createDirectories(root.resolve("models--o--n/snapshots/0123")), "../../../models--other/blobs/"),
                "expected a file in the model folder, found a link to");
        assertRefused(links(folder("sibling"), "../sibling-2/"), "a link to a file that does not exist");
    }

    @Test
    void aFolderWhoseNameBeginsAlikeIsAnotherFolder() throws IOException {
        copy("model-2", "");

        assertRefused(links(folder("model"), "../model-2/"), "expected a file in the model folder, found a link to");
    }

    @Test
    void whatIsMissingOrNoFileIsRefused() throws IOException {
        Path folders = folder("folders");
        Path targets = folder("targets");
        for (String name : FILES) {
            Files.createDirectory(folders.resolve(name));
            Files.createDirectory(targets.resolve(name));
        }

        assertRefused(folder("empty"), "not found");
        assertRefused(root.resolve("nowhere"), "not found");
        assertRefused(folders, "expected a file, found a directory");
        assertRefused(links(folder("to-folders"), "../targets/"), "expected a file, found a directory");
    }

    private static void assertAccepted(Path folder) {
        assertThat(Tokenizer.open(folder).size()).isPositive();
        for (String name : FILES) ModelFolder.readObject(folder.resolve(name));
    }

    private void assertRefused(Path folder, String problem) throws IOException {
        assertThat(messageOf(() -> Tokenizer.open(folder))).contains(problem)
                .isEqualTo(messageOf(() -> ModelFolder.readObject(folder.resolve("tokenizer.json"))));
        if (!Files.isDirectory(folder)) return;

        Path config = folder.resolve("tokenizer_config.json");
        Files.deleteIfExists(folder.resolve("tokenizer.json"));
        Files.copy(SOURCE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        assertThat(messageOf(() -> Tokenizer.open(folder))).contains(problem).isEqualTo(messageOf(() -> ModelFolder.readObject(config)));
    }

    private static String messageOf(Runnable call) {
        try {
            call.run();
        } catch (ModelFormatException e) {
            return e.getMessage();
        }
        return "accepted";
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    private Path copy(String name, String prefix) throws IOException {
        Path folder = folder(name);
        for (String file : FILES) Files.copy(SOURCE.resolve(file), folder.resolve(prefix + file));
        return folder;
    }

    private static Path links(Path folder, String prefix) throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
            Files.createSymbolicLink(folder.resolve(file), Path.of(prefix + file));
        }
        return folder;
    }
}
