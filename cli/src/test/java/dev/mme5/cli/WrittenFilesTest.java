package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No command writes over a file that it reads, or over an image. */
class WrittenFilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.copy(Cli.IMAGE, folder.resolve("cat.png"));
        Files.copy(Cli.IMAGE, folder.resolve("cat"));
        Files.writeString(folder.resolve("a.txt"), "a cat");
        Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"a cat\"}\n");
        Files.writeString(folder.resolve("task.jsonl"),
                "{\"candidate\":1,\"text\":\"a\"}\n{\"query\":2,\"text\":\"a\",\"relevant\":[1]}\n");
        Files.writeString(folder.resolve("cats.jsonl"), "{\"text\":\"a\"}\n{\"images\":[\"cat.png\",\"cat\"]}\n");
        Files.writeString(folder.resolve("cat.jsonl"), "{\"images\":[\"cat\"]}\n");
        Files.writeString(folder.resolve("images.jsonl"),
                "{\"candidate\":1,\"images\":[\"cat\"]}\n{\"query\":2,\"text\":\"a\",\"relevant\":[1]}\n");
        Files.createLink(folder.resolve("tom"), folder.resolve("cat"));
        Files.writeString(folder.resolve("out.jsonl"), "mine\n");
        Files.createSymbolicLink(folder.resolve("link.jsonl"), Path.of("in.jsonl"));
        Files.createLink(folder.resolve("other.txt"), folder.resolve("a.txt"));
        Files.createDirectory(folder.resolve("model"));
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(Cli.MODEL.resolve(name), folder.resolve("model").resolve(name));
        }
        Files.createDirectory(folder.resolve("model/1_Pooling"));
        Files.createDirectory(folder.resolve("model/2_Dense"));
        Files.createSymbolicLink(folder.resolve("to_config"), Path.of("model/tokenizer_config.json"));
        Files.createSymbolicLink(folder.resolve("to_pooling"), Path.of("model/1_Pooling/config.json"));
        Files.createDirectory(folder.resolve("blobs"));
        Files.writeString(folder.resolve("blobs/ab"), "{}");
        Files.writeString(folder.resolve("blobs/cd"), "{}");
        Files.createDirectories(folder.resolve("snapshot/1_Pooling"));
        Files.createSymbolicLink(folder.resolve("snapshot/config.json"), Path.of("../blobs/ab"));
        Files.createSymbolicLink(folder.resolve("snapshot/1_Pooling/config.json"), Path.of("../../blobs/cd"));
        Files.createSymbolicLink(folder.resolve("to_snapshot"), Path.of("snapshot/1_Pooling/config.json"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        embed a --output cat.png                               | --output cat.png: png is not written by this command
        tokenize a --output new.webp                           | --output new.webp: webp is not written by this command
        inspect --output cat.png                               | --output cat.png: png is not written by this command
        trace --input in.jsonl --output cat.png                | --output cat.png: png is not written by this command
        evaluate --data task.jsonl --output cat.png            | --output cat.png: png is not written by this command
        search --in . a --output new.JPG                       | --output new.JPG: jpg is not written by this command
        search --in . a --html cat.png \
            | --html cat.png: png is not written by this option, possible are .htm, .html, .xhtml
        search --in . a --index cat.png \
            | --index cat.png: png is not written by this option, possible are .safetensors
        embed --input in.jsonl --output in.jsonl               | --input and --output are the same file
        embed --input in.jsonl --output link.jsonl             | --input and --output are the same file
        embed --image cat --output cat                         | /cat is an image of this run, expected another file
        embed --input cats.jsonl --output cat                  | /cat is an image of this run, expected another file
        embed --input cats.jsonl --output tom                  | /tom is an image of this run, expected another file
        embed --input cats.jsonl --output cat --resume         | it was not begun with --resume
        tokenize --input cats.jsonl --output cat               | /cat is an image of this run, expected another file
        trace --input cat.jsonl --output cat                   | /cat is an image of this run, expected another file
        evaluate --data images.jsonl --output cat              | /cat is an image of this run, expected another file
        search --in cats.jsonl a --output cat                  | /cat is a document of this run, expected another file
        embed a --precision int8 --calibration out.jsonl --output out.jsonl | --calibration and --output are the same file
        tokenize --input in.jsonl --output in.jsonl            | --input and --output are the same file
        tokenize a --model model --output model/tokenizer.json | model/tokenizer.json is the name of a file of the model
        tokenize a --model model --output model/config.json    | model/config.json is the name of a file of the model
        tokenize a --model model --output model/goldens.jsonl  | model/goldens.jsonl is the name of a file of the model
        search --in . a --model model --index model/m.safetensors | model/m.safetensors is the name of a file of the model
        tokenize a --model model --output model/added_tokens.json | model/added_tokens.json is the name of a file of the model
        tokenize a --model model --output model/README.md      | model/README.md is the name of a file of the model
        tokenize a --model model --output model/1_Pooling/config.json | model/1_Pooling/config.json is the name of a file of the model
        tokenize a --model model --output to_config            | model/tokenizer_config.json is the name of a file of the model
        tokenize a --model model --output to_pooling           | model/1_Pooling/config.json is the name of a file of the model
        tokenize a --model model --output model/2_Dense/config.json | model/2_Dense/config.json is the name of a file of the model
        tokenize a --model model --output model/Tokenizer.JSON | model/Tokenizer.JSON is the name of a file of the model
        tokenize a --model model --output model/licence.txt    | model/licence.txt is the name of a file of the model
        tokenize a --model model --output model/vocab.json     | model/vocab.json is the name of a file of the model
        tokenize a --model model --output model/SHA256SUMS     | model/SHA256SUMS is the name of a file of the model
        tokenize a --model snapshot --output snapshot/config.json | /blobs/ab is the name of a file of the model
        tokenize a --model snapshot --output snapshot/1_Pooling/config.json | /blobs/cd is the name of a file of the model
        tokenize a --model snapshot --output to_snapshot       | /blobs/cd is the name of a file of the model
        tokenize a --model snapshot --output blobs/cd          | /blobs/cd is the name of a file of the model
        evaluate --data task.jsonl --output task.jsonl         | --data and --output are the same file
        search --in in.jsonl a --output in.jsonl               | --in and --output are the same file
        search --in . a --output a.txt                         | /a.txt is a document of this run, expected another file
        search --in . a --output other.txt                     | is a document of this run, expected another file
        search --in . a --html cat                             | /cat is a document of this run, expected another file
        search --in . --image cat.png --output out --html out  | --html and --output are the same file
        search --in . a --html x --index x                     | --index and --html are the same file
        """)
    void refusesAndLeavesAllFilesAlone(String line, String message) throws IOException {
        byte[] image = Files.readAllBytes(Cli.IMAGE);

        Ran ran = new Cli().folder(folder).start(line.split(" "));

        assertThat(ran.err()).startsWith("mme5: ").contains(message).hasLineCount(1);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(folder.resolve("cat.png")).hasBinaryContent(image);
        assertThat(folder.resolve("cat")).hasBinaryContent(image);
        assertThat(folder.resolve("tom")).hasBinaryContent(image);
        assertThat(folder.resolve("a.txt")).hasContent("a cat");
        assertThat(folder.resolve("in.jsonl")).hasContent("{\"text\":\"a cat\"}\n");
        assertThat(folder.resolve("out.jsonl")).hasContent("mine\n");
        assertThat(folder.resolve("blobs/ab")).hasContent("{}");
        assertThat(folder.resolve("blobs/cd")).hasContent("{}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        embed --input cats.jsonl --output cat                  | line 2: images[1]
        tokenize --input cats.jsonl --output cat               | line 2: images[1]
        trace --input cat.jsonl --output cat                   | line 1: images[0]
        evaluate --data images.jsonl --output cat              | images.jsonl: line 1: images[0]
        """)
    void namesThePlaceOfTheImage(String line, String place) {
        Ran ran = new Cli().folder(folder).start(line.split(" "));

        assertThat(ran.err()).startsWith("mme5: " + place + ": --output: ")
                .endsWith("/cat is an image of this run, expected another file\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void otherFilesAreReplaced() {
        Ran ran = new Cli().folder(folder).start("embed", "--input", "in.jsonl", "--output", "out.jsonl");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(folder.resolve("out.jsonl")).content().startsWith("{\"id\":1,");
    }

    @Test
    void resultsInTheFolderOfTheModelAreReplaced() {
        for (String name : List.of("ids.jsonl", "ids.jsonl", "1_Pooling/tokenizer.json", "1_Pooling/tokenizer.json")) {
            Ran ran = new Cli().folder(folder).start("tokenize", "a", "--model", "model", "--output", "model/" + name);

            assertThat(ran.status()).as(ran.err()).isZero();
            assertThat(folder.resolve("model").resolve(name)).isNotEmptyFile();
        }
    }

    /** As earlier versions let it be named. */
    @Test
    void anIndexOfAnyNameIsOpened() throws IOException {
        Files.createDirectory(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/a.txt"), "a cat");
        new Cli().folder(folder).start("search", "--in", "docs", "a", "--index", "notes.db");
        for (String name : List.of("notes.db", "notes.png")) {
            if (!name.equals("notes.db")) Files.copy(folder.resolve("notes.db"), folder.resolve(name));

            Ran ran = new Cli().folder(folder).start("search", "--in", "docs", "a", "--index", name);

            assertThat(ran.status()).as(ran.err()).isZero();
        }
    }

    @Test
    void devicesAreNoFiles() {
        Ran ran = new Cli().folder(folder).start("search", "--in", ".", "a", "--output", "/dev/null", "--html", "/dev/null");

        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenize a", "search --in . a", "inspect", "--version", "--help", "help", "embed --help", "embed --version"})
    void aReaderThatHasGoneIsOneLineAndStatusTwo(String line) {
        Ran ran = new Cli().folder(folder).stdout(Cli.breaking(0, "Broken pipe")).start(line.split(" "));

        assertThat(ran.err()).contains("mme5: stdout: its reader has gone, results are missing\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenize a", "--version", "--help", "help embed", "embed --help", "completion bash", "embed a"})
    void aFullDiskIsOneLineAndStatusTwo(String line) {
        Ran ran = new Cli().folder(folder).stdout(Cli.breaking(0, "No space left on device")).start(line.split(" "));

        assertThat(ran.err()).isEqualTo("mme5: the output cannot be written: No space left on device\n");
        assertThat(ran.status()).isEqualTo(2);
    }

    @Test
    void verifyNamesTheOutputToo() {
        Path mini = Path.of("models/mini").toAbsolutePath();

        Ran ran = new Cli().model(mini).stdout(Cli.breaking(0, "No space left on device")).start("verify");

        assertThat(ran.err()).isEqualTo("mme5: the output cannot be written: No space left on device\n");
        assertThat(ran.status()).isEqualTo(2);
    }
}
