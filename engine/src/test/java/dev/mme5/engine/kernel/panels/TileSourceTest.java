package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;
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

    /** AArch64 has vectors of 128 bits alone, and a fence is an instruction there. */
    @Test
    void tilesOfNarrowVectorsHaveFencesForFewRegistersOnly() {
        StringBuilder fenced = new StringBuilder();
        for (String file : ChunkTileSource.files().values()) {
            for (String method : file.split("private static (void|int) ")) {
                String everywhere = method.replace("if (Species.FEW_REGISTERS) VarHandle.loadLoadFence", "");
                if (everywhere.contains("loadLoadFence")) fenced.append(method, 0, method.indexOf('(')).append(' ');
            }
        }

        assertThat(fenced).hasToString("tokens7 tokens8 tokens9 tokens10 tokens11 tokens12 ");
    }
}
