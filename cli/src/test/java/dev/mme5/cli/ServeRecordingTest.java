package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mme5 serve} halts the process, but not before flight recordings are saved. */
@Timeout(120)
@EnabledOnOs(value = {OS.LINUX, OS.MAC}, disabledReason = "ends the process by a signal")
@Tag("thorough")
class ServeRecordingTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"filename=given.jfr", "dumponexit=true"})
    void recordingIsSavedWhenTheServerIsToldToEnd(String setting) throws Exception {
        serveAndEnd(setting, 60);

        assertThat(RecordingFile.readAllEvents(recording())).isNotEmpty();
    }

    @Test
    void recordingThatIsNotToBeSavedIsNotWaitedFor() throws Exception {
        serveAndEnd("maxage=1h", 15); // less than the wait for one that is
    }

    private void serveAndEnd(String setting, int seconds) throws Exception {
        List<String> command = new ArrayList<>(CliJvm.command(List.of("serve", "--port", "0")));
        command.add(1, "-XX:StartFlightRecording=" + setting);
        Path messages = folder.resolve("messages");
        Process server = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        try {
            while (server.isAlive() && !Files.readString(messages).contains("http://")) Thread.sleep(50);
            server.destroy();
            assertThat(server.waitFor(seconds, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }

        assertThat(server.exitValue()).as(Files.readString(messages)).isZero();
    }

    private Path recording() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".jfr")).toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }
}
