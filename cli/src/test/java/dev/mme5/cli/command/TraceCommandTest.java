package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
    @TempDir
    Path folder;

    @Test
    void writesTheStagesOfTheFirstInputUnderTheNamesOfTheReference() throws IOException {
        Path file = folder.resolve("trace.safetensors");
        String lines = "\n{\"images\":[\"%s\"]}\n{\"text\":\"not this one\"}\n".formatted(Cli.IMAGE);

        Ran ran = new Cli().stdin(lines).start("trace", "--input", "-", "--output", file.toString());

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isEmpty();
        JsonObject header = header(file);
        assertThat(header.keys()).contains(
                "pixel_values", "aspect_ratio_ids", "vision.output", "projected", "text.layer.0.last", "text.layer.5.last",
                "text.final_norm.last", "pooled", "embedding");
        assertThat(header.object("embedding").text("dtype")).isEqualTo("F32");
        assertThat(header.object("embedding").array("shape").integers()).containsExactly(64);
        assertThat(header.object("pixel_values").array("shape").integers()).containsExactly(1, 4, 3, 28, 28);
    }

    @Test
    void aFailedInputIsStatusOneAndLeavesNoFile() {
        Path file = folder.resolve("trace.safetensors");

        Ran ran = new Cli().stdin("{\"id\":\"x\",\"images\":[\"/none.png\"]}").start("trace", "--input", "-", "--output", file.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).startsWith("mme5: x: ").contains("/none.png").hasLineCount(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void aLineThatCannotBeReadIsStatusOne() {
        Ran ran = new Cli().stdin("oops").start("trace", "--input", "-", "--output", folder.resolve("t").toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).startsWith("mme5: 1: line 1: ").hasLineCount(1);
    }

    private static JsonObject header(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return JsonReader.parseObject(bytes, 8, 8 + length, file.toString());
    }
}
