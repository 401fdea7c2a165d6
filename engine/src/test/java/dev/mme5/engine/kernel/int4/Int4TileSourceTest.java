package dev.mme5.engine.kernel.int4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Int4TileSourceTest {
    @Test
    void theTilesAreWhatTheirSourceWrites() throws IOException {
        for (Map.Entry<String, String> file : Int4TileSource.files().entrySet()) {
            assertEquals(file.getValue(), Files.readString(Int4TileSource.FOLDER.resolve(file.getKey())), file.getKey());
        }
    }
}
