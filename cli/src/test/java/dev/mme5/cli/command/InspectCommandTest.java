package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.cli.terminal.Table;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir
    Path folder;

    @Test
    void showsFactsPartsAndMemory() {
        Ran ran = Cli.run("inspect");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).startsWith("folder ").contains("parameters", "BF16", "total", "heap", "mapped file");
    }

    @Test
    void columnsAreAligned() {
        String out = Cli.run("inspect").out();
        String header = out.lines().filter(line -> line.startsWith("part ")).findFirst().orElseThrow();
        String total = out.lines().filter(line -> line.startsWith("total ")).findFirst().orElseThrow();

        assertThat(total.lastIndexOf('B') + 1).isEqualTo(header.indexOf("bytes") + "bytes".length());
    }

    /** As the refusals and -Xmx have it: what is shown as 256 MB fits into 256m. */
    @Test
    void heapIsCountedAsTheVirtualMachineCountsIt() {
        long bytes = Cli.run("inspect", "--json").json().getFirst().array("memory").object(0).longInteger("heap_bytes");

        String line = Cli.run("inspect").out().lines().filter(any -> any.startsWith("text of 20 tokens ")).findFirst().orElseThrow();

        assertThat(line).matches("text of 20 tokens +" + Math.ceilDiv(bytes, 1 << 20) + " MB .*");
        assertThat(Table.heap(256 << 20)).isEqualTo("256 MB");
        assertThat(Table.heap((256 << 20) + 1)).isEqualTo("257 MB");
    }

    @Test
    void theSameAsJson() {
        Ran ran = Cli.run("inspect", "--json");
        JsonObject report = ran.json().getFirst();

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(report.keys()).containsExactly("folder", "model_type", "dimensions", "max_tokens", "pooling", "unit_vectors",
                "defaults_used", "tokenizer_ids", "files", "shards", "parts", "limits", "memory", "problems");
        assertThat(report.integer("dimensions")).isEqualTo(64);
        assertThat(report.text("pooling")).isEqualTo("last_token");
        assertThat(report.bool("unit_vectors")).isTrue();
        assertThat(report.array("memory").object(0).keys())
                .containsExactly("run", "tokens", "images", "heap_bytes", "mapped_bytes", "direct_bytes", "fits");
        assertThat(report.array("memory").object(0).integer("tokens")).isEqualTo(20);
        assertThat(report.array("parts").object(0).keys())
                .containsExactly("name", "dtype", "tensors", "parameters", "bytes", "needed");
        assertThat(report.array("problems").size()).isZero();
    }

    @Test
    void everyFileIsReadOrNotNeededOrNotUnderstood() throws IOException {
        try (Stream<Path> files = Files.list(Cli.MODEL)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
        for (String name : List.of("README.md", "generation_config.json", "custom_st.py", "secret_sauce.bin")) {
            Files.writeString(folder.resolve(name), "x");
        }
        Files.createDirectory(folder.resolve("2_Dense"));

        Ran ran = Cli.run("inspect", "--model", folder.toString());

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).containsPattern("config.json +[0-9,]+  read").containsPattern("model.safetensors +[0-9,]+  read")
                .containsPattern("README.md +1  not needed").containsPattern("custom_st.py +1  not needed")
                .containsPattern("generation_config.json +1  not needed").containsPattern("secret_sauce.bin +1  not understood")
                .containsPattern("2_Dense/ +0  not understood");
    }

    /** As repositories on the hub have them, such as that of all-MiniLM-L6-v2. */
    @Test
    void filesOfPublishedSentenceTransformersAreNotNeeded() throws IOException {
        Path model = Path.of("engine/src/test/resources/golden-encoder/models/bert-mean").toAbsolutePath();
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            Files.copy(model.resolve(name), folder.resolve(name));
        }
        List<String> others =
                List.of("rust_model.ot", "data_config.json", "train_script.py", "tf_model.h5", "pytorch_model.bin", "vocab.txt");
        for (String name : others) Files.writeString(folder.resolve(name), "x");

        Ran ran = Cli.run("inspect", "--model", folder.toString());

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(others).allSatisfy(name -> assertThat(ran.out()).containsPattern(Pattern.quote(name) + " +1  not needed"));
        assertThat(ran.out()).doesNotContain("not understood");
    }

    @Test
    void everyProblemIsOneLineOnStderrAndTheStatusIsTwo() throws IOException {
        Files.copy(Cli.MODEL.resolve("config.json"), folder.resolve("config.json"));

        Ran ran = Cli.run("inspect", "--model", folder.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err().lines()).isNotEmpty().allMatch(line -> line.startsWith("mme5: "));
        assertThat(ran.err()).contains("tokenizer.json");
    }
}
