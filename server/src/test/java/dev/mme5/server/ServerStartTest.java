package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server reads before it is ready. */
@Isolated("records what all threads read")
class ServerStartTest {
    private static final String FILE_READ = "jdk.FileRead";

    @TempDir
    private Path folder;

    /** The vocabulary of a multilingual model takes longer to read than all else. */
    @ParameterizedTest
    @ValueSource(strings = {"golden/models/a-bf16-hub", "golden-encoder/models/xlm-roberta-mean"})
    void readsTheTokenizerOnce(String model) throws IOException {
        Path source = Path.of("../engine/src/test/resources").resolve(model);
        Path tokenizer = source.resolve("tokenizer.json").toRealPath();
        Path recorded = folder.resolve("start.jfr");

        try (Recording recording = new Recording()) {
            recording.enable(FILE_READ).withoutThreshold();
            recording.start();
            TestServer.start(source, options -> options).close();
            recording.stop();
            recording.dump(recorded);
        }

        assertThat(bytesRead(recorded, tokenizer)).isEqualTo(Files.size(tokenizer));
    }

    private static long bytesRead(Path recorded, Path file) throws IOException {
        long bytes = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(recorded)) {
            if (!event.getEventType().getName().equals(FILE_READ) || event.getString("path") == null) continue;
            Path read = Path.of(event.getString("path"));
            if (Files.exists(read) && Files.isSameFile(read, file)) bytes += Math.max(0, event.getLong("bytesRead"));
        }
        return bytes;
    }
}
