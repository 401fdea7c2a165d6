package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.benchmarks.checkpoint.SyntheticShape;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.family.mllama.tiling.TileGrid;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Decoding and preprocessing on one thread, from the bytes of an image file to the floats of its tiles. */
public final class ImageSubject implements BenchmarkSubject {
    private static final int TILE = 448;
    private static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    private static final float[] STD = {0.26862954f, 0.26130258f, 0.27577711f};

    private final ImageKind kind;
    private final byte[] file;
    private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false);
    private final MllamaImageProcessor processor;
    private final float[] tiles = new float[SyntheticShape.TILES * 3 * TILE * TILE];
    private RgbImage decoded;
    private TiledImage tiled;

    public ImageSubject(ImageKind kind) {
        this.kind = kind;
        processor = new MllamaImageProcessor(new MllamaImageProcessorConfig(
                TILE, SyntheticShape.TILES, TileGrid.upTo(SyntheticShape.TILES), 1 / 255.0, MEAN, STD));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(kind.image(), kind.format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        file = bytes.toByteArray();
    }

    @Override
    public void run() {
        decoded = decoder.decode(file, kind.name());
        tiled = processor.process(decoded);
        for (int tile = 0; tile < tiled.grid().tiles(); tile++) tiled.pixels(tile, tiles, tile * 3 * TILE * TILE);
    }

    /** Decoded pixels must equal those of the JDK's decoder, and the floats of the first tile must follow the formula. */
    @Override
    public void check() {
        try {
            BufferedImage expected = ImageIO.read(new ByteArrayInputStream(file));
            for (int y = 0; y < kind.height; y++) {
                for (int x = 0; x < kind.width; x++) {
                    int offset = 3 * (y * kind.width + x);
                    int rgb =
                            (decoded.rgb()[offset] & 255) << 16 | (decoded.rgb()[offset + 1] & 255) << 8 | decoded.rgb()[offset + 2] & 255;
                    if (rgb != (expected.getRGB(x, y) & 0xffffff)) throw new IllegalStateException(kind + ": pixel " + x + ", " + y);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int row = 3 * tiled.grid().tilesWide() * TILE;
        for (int y = 0; y < TILE; y++) {
            for (int x = 0; x < TILE; x++) {
                int red = tiled.canvas()[y * row + 3 * x] & 255;
                Samples.requireClose((red / 255.0 - MEAN[0]) / STD[0], tiles[y * TILE + x], 1e-6, kind + ": red at " + x + ", " + y);
            }
        }
    }

    /** The file, the pixels three times (decoded, resized, on the canvas), and the floats. */
    @Override
    public Workload workload() {
        double pixels = 3.0 * kind.width * kind.height;
        double canvas = tiled == null ? 0 : tiled.canvas().length;
        return new Workload(0, file.length + pixels + 2 * canvas + 4 * canvas, 1, "images");
    }
}
