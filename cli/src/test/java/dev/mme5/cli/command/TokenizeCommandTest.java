package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizeCommandTest {
    @TempDir
    Path folder;

    @Test
    void idsAreThoseThatTheModelSees() {
        Ran ran = Cli.run("tokenize", "A cat and a dog", "");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("{\"id\":1,\"ids\":[640,32,307,285,263,306]}\n{\"id\":2,\"ids\":[640]}\n");
    }

    @Test
    void imagesAreCountedButNotRead() {
        Ran ran = new Cli()
                .stdin("{\"text\":\"\",\"images\":[\"/none.png\"]}\n{\"prompt\":\"<|image|>\"}\n")
                .start("tokenize", "--input", "-");

        assertThat(ran.lines().get(0)).isEqualTo("{\"id\":1,\"ids\":[652,640]}");
        assertThat(ran.lines().get(1)).isEqualTo("{\"id\":2,\"error\":\"the prompt has 1 <|image|> for 0 images\"}");
        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
    }

    @Test
    void rawIsTheTextAsItIs() {
        Ran ran = Cli.run("tokenize", "--raw", "A cat and a dog<|image|>", "");

        assertThat(ran.out()).isEqualTo("{\"id\":1,\"ids\":[32,307,285,263,306,652]}\n{\"id\":2,\"ids\":[]}\n");
    }

    @Test
    void rawLeavesThePostProcessorOut() {
        Cli addsOne = new Cli().model(Cli.GOLDEN.resolve("models/b-f32-v5"));
        int whole = addsOne.start("tokenize", "cat").json().getFirst().array("ids").size();
        int single = addsOne.start("tokenize", "--single-bos", "cat").json().getFirst().array("ids").size();
        int raw = addsOne.start("tokenize", "--raw", "cat").json().getFirst().array("ids").size();

        assertThat(whole - single).isEqualTo(1);
        assertThat(single - raw).isEqualTo(1);
    }

    @Test
    void idsAreCut() {
        Ran ran = Cli.run("tokenize", "--max-tokens", "2", "A cat and a dog");

        assertThat(ran.out()).isEqualTo("{\"id\":1,\"ids\":[640,32]}\n");
    }

    @Test
    void worksInAFolderWithoutWeightsAndConfig() throws IOException {
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(Cli.MODEL.resolve(file), folder.resolve(file));
        }

        assertThat(new Cli().model(folder).start("tokenize", "A").out()).isEqualTo("{\"id\":1,\"ids\":[640,32]}\n");
    }

    @Test
    void resultsMayGoToAFile() throws IOException {
        Path file = folder.resolve("ids.jsonl");

        Ran ran = Cli.run("tokenize", "A", "--output", file.toString());

        assertThat(ran.out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo("{\"id\":1,\"ids\":[640,32]}\n");
    }
}
