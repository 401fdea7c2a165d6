package dev.mme5.engine.kernel.panels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TileSourceTest {
    @Test
    void theTilesAreWhatTheirSourceWrites() throws IOException {
        for (Map.Entry<String, String> file : TileSource.files().entrySet()) {
            assertEquals(file.getValue(), Files.readString(TileSource.FOLDER.resolve(file.getKey())), file.getKey());
        }
    }
}
