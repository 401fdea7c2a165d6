package dev.mme5.cli.output;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.cli.Cli;
import org.junit.jupiter.api.Test;

class ResultStreamTest {
    @Test
    void namesThePipeWhoseReaderHasGone() {
        ResultStream stdout = ResultStream.of(Cli.breaking(0, "Broken pipe"));
        ResultStream pipe = ResultStream.of(Cli.breaking(0, "Broken pipe"), "/tmp/fifo");
        ResultStream full = ResultStream.of(Cli.breaking(0, "No space left on device"), "/tmp/fifo");

        assertThatThrownBy(() -> stdout.write(1)).hasMessage("stdout: its reader has gone, results are missing");
        assertThatThrownBy(() -> pipe.write(1)).hasMessage("/tmp/fifo: its reader has gone, results are missing");
        assertThatThrownBy(() -> full.write(1)).hasMessage("/tmp/fifo cannot be written: No space left on device");
    }
}
