package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import dev.mme5.cli.Cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mme5 serve} refuses when it opens the model. A server that starts all the same is interrupted by the time limit. */
@Timeout(60)
class ServeCommandTest {
    @TempDir
    Path folder;

    @Test
    void weightsAreComparedWithTheirRecordedSums() throws IOException {
        try (Stream<Path> files = Files.list(Cli.MODEL)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
        Files.writeString(folder.resolve("SHA256SUMS"), "0".repeat(64) + "  model.safetensors\n");

        Ran ran = new Cli().model(folder).start("serve", "--port", "0", "--verify");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("model.safetensors: expected SHA-256 " + "0".repeat(64) + " (SHA256SUMS), found ");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aCacheThatTheHeapCannotHoldIsRefused() {
        long tooMuch = (Runtime.getRuntime().maxMemory() >> 20) + 1;

        Ran ran = Cli.run("serve", "--port", "0", "--prefix-cache", Long.toString(tooMuch));

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("mme5: --prefix-cache is " + tooMuch + ", the JVM has ").hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }
}
