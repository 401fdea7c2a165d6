package dev.mme5.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("records the events of all threads")
class DecodeEventTest {
    @TempDir
    private Path folder;

    @Test
    void eachImageIsRecordedAndSoIsOneThatIsRefused() throws Exception {
        ImageDecoder decoder = new ImageDecoder(1000, false);
        byte[] png = PngEncoder.encode(new RgbImage(5, 3, new byte[45]));
        Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.mme5.Decode").withoutThreshold();
            recording.start();
            decoder.decode(png, "a.png");
            assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(png, 40), "b.png")).isInstanceOf(ImageException.class);
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).extracting(event -> event.getString("format")).containsExactly("PNG", "PNG");
        assertThat(events).extracting(event -> event.getInt("width")).containsExactly(5, 0);
        assertThat(events).extracting(event -> event.getInt("height")).containsExactly(3, 0);
        assertThat(events).extracting(event -> event.getLong("bytes")).containsExactly((long) png.length, 40L);
    }
}
