package dev.mme5.engine.image.tiff;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.image.Pngs;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Files like those that broke TIFF readers: each is refused or read within a bound on time and on what it allocates. */
class TiffAttackTest {
    private static final int LZW = 5;
    private static final int DEFLATE = 8;
    private static final int PACK_BITS = 32773;
    private static final long MB = 1 << 20;

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** Runs a decoder with 64 MB of heap allowed; it may allocate this much and take 10 seconds. */
    private static RgbImage bounded(byte[] file, long maxMegabytes) {
        return assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            long before = allocated();
            try {
                return TiffDecoder.decode(new ImageBytes("a.tif", file, 178_956_970, needed -> 64 * MB));
            } finally {
                long used = allocated() - before;
                assertTrue(used < maxMegabytes * MB, used + " bytes allocated");
            }
        });
    }

    private static void refused(String problem, Supplier<Tiffs> tiff, long maxMegabytes) {
        byte[] file = tiff.get().build();
        ImageException e = assertThrows(ImageException.class, () -> bounded(file, maxMegabytes));
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void refusesMoreStripsThanTheFileCanHave() {
        refused("strips or tiles is not supported",
                () -> Tiffs.gray(1, 170_000_000).tag(TiffTags.ROWS_PER_STRIP, 1).strip(LZW, Pngs.bytes(1)), 1);
        refused("it has 1 of 1000000 strips", () -> Tiffs.gray(1, 1_000_000).tag(TiffTags.ROWS_PER_STRIP, 1).strip(LZW, Pngs.bytes(1)), 1);
    }

    @Test
    void refusesGiantTilesOfASmallImage() {
        refused("is too large", () -> Tiffs.gray(1, 1).tag(TiffTags.TILE_WIDTH, 0x7fffffff).tag(TiffTags.TILE_HEIGHT, 0x7fffffff)
                .tag(TiffTags.TILE_OFFSETS, 8), 1);
        refused("does not fit in the memory", () -> Tiffs.gray(1, 1).tag(TiffTags.TILE_WIDTH, 100_000_000).tag(TiffTags.TILE_HEIGHT, 1)
                .tag(TiffTags.TILE_OFFSETS, 8), 1);
    }

    @Test
    void refusesAFaxRowThatNeedsMoreThanTheHeap() {
        refused("does not fit in the memory",
                () -> new Tiffs().tag(TiffTags.WIDTH, 20_000_000).tag(TiffTags.HEIGHT, 1).strip(4, Pngs.bytes(1)), 1);
    }

    @Test
    void refusesStripsThatAllReadTheSameLargeData() {
        byte[] emptyBlocks = new byte[1_000_000]; // Deflate blocks without output, then nothing
        emptyBlocks[0] = 0x78;
        emptyBlocks[1] = (byte) 0x9c;
        for (int i = 2; i + 5 <= emptyBlocks.length; i += 5) {
            emptyBlocks[i + 3] = (byte) 0xff;
            emptyBlocks[i + 4] = (byte) 0xff;
        }
        refused("is damaged", () -> {
            Tiffs tiff = Tiffs.gray(1, 50_000).tag(TiffTags.ROWS_PER_STRIP, 1).tag(TiffTags.COMPRESSION, DEFLATE);
            long[] offsets = new long[50_000];
            Arrays.fill(offsets, tiff.add(emptyBlocks));
            long[] counts = new long[50_000];
            Arrays.fill(counts, emptyBlocks.length);
            return tiff.tag(TiffTags.STRIP_OFFSETS, offsets).tag(TiffTags.STRIP_BYTE_COUNTS, counts);
        }, 4);
    }

    @Test
    void refusesStripsThatOverlapTooOften() {
        byte[] data = new byte[200_000];
        Arrays.fill(data, (byte) 0x80); // PackBits: no operation
        data[data.length - 2] = 0;
        refused("overlap too often", () -> {
            Tiffs tiff = Tiffs.gray(1, 20_000).tag(TiffTags.ROWS_PER_STRIP, 1).tag(TiffTags.COMPRESSION, PACK_BITS);
            long[] offsets = new long[20_000];
            Arrays.fill(offsets, tiff.add(data));
            long[] counts = new long[20_000];
            Arrays.fill(counts, data.length);
            return tiff.tag(TiffTags.STRIP_OFFSETS, offsets).tag(TiffTags.STRIP_BYTE_COUNTS, counts);
        }, 4);
    }

    @Test
    void readsAnLzwBombOfItsOwnSizeOnly() {
        // clear, 0, then each code is the newest: strings grow by one byte each
        byte[] codes = new byte[20_000];
        refused("is damaged", () -> Tiffs.gray(4000, 4000).strip(LZW, codes), 50);
        refused("does not fit in the memory", () -> Tiffs.gray(10_000, 10_000).strip(LZW, codes), 1);
    }

    @Test
    void readsADeflateBombUpToThePixels() {
        byte[] zeros = Pngs.deflated(new byte[30_000_000]);
        byte[] file = Tiffs.gray(10, 10).strip(DEFLATE, zeros).build();

        assertTrue(bounded(file, 1).width() == 10);
    }

    @Test
    void refusesADirectoryOfEntriesThatPointAnywhere() {
        byte[] file = Tiffs.gray(1, 1).strip(1, Pngs.bytes(1)).build();
        for (int offset = 8; offset < file.length; offset++) {
            for (int value : new int[] {0, 0x7f, 0x80, 0xff}) {
                byte[] changed = file.clone();
                changed[offset] = (byte) value;
                try {
                    bounded(changed, 68);
                } catch (ImageException e) {
                    assertTrue(e.getMessage().startsWith("a.tif: "));
                }
            }
        }
    }
}
