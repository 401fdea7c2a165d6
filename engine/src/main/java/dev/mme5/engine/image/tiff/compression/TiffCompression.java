package dev.mme5.engine.image.tiff.compression;

import dev.mme5.engine.image.raster.ImageBytes;

/** The compressions by their numbers in the file; those that are not read keep their names for the refusal. */
public enum TiffCompression {
    NONE(1, "none", true),
    CCITT_RLE(2, "CCITT RLE", true),
    CCITT_G3(3, "CCITT G3", true),
    CCITT_G4(4, "CCITT G4", true),
    LZW(5, "LZW", true),
    OLD_JPEG(6, "old-style JPEG", false),
    JPEG(7, "JPEG", true),
    ADOBE_DEFLATE(8, "Deflate", true),
    RAW_16(32771, "16-bit padding", false),
    PACK_BITS(32773, "PackBits", true),
    THUNDERSCAN(32809, "ThunderScan", false),
    DEFLATE(32946, "Deflate", true),
    SGI_LOG(34676, "SGILog", false),
    SGI_LOG24(34677, "SGILog24", false),
    LZMA(34925, "LZMA", false),
    ZSTD(50000, "Zstandard", false),
    WEBP(50001, "WebP", false);

    private final int number;
    private final String title;
    private final boolean supported;

    TiffCompression(int number, String title, boolean supported) {
        this.number = number;
        this.title = title;
        this.supported = supported;
    }

    /** @throws dev.mme5.engine.image.raster.ImageException if the compression is not supported */
    public static TiffCompression of(ImageBytes file, long number) {
        for (TiffCompression compression : values()) {
            if (compression.number != number) continue;
            if (compression.supported) return compression;
            throw file.unsupported("TIFF with %s compression is not supported; save it with LZW or Deflate".formatted(compression.title));
        }
        throw file.unsupported("TIFF with compression %d is not supported".formatted(number));
    }

    boolean isDeflate() {
        return this == ADOBE_DEFLATE || this == DEFLATE;
    }

    public boolean isFax() {
        return this == CCITT_RLE || this == CCITT_G3 || this == CCITT_G4;
    }

    /** Whether compressed bytes whose lowest bit comes first are reversed before they are read; the others see to it themselves. */
    public boolean reversesBits() {
        return this == LZW || this == PACK_BITS || isDeflate();
    }

    /** Whether the tag Predictor means anything. */
    public boolean hasPredictor() {
        return this == LZW || isDeflate();
    }
}
