package dev.mme5.engine.image;

import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.family.mllama.tiling.TileGrid;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The golden files of image preprocessing: images, and what the reference makes of them. */
public final class Golden {
    public static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    public static final float[] STD = {0.26862954f, 0.26130258f, 0.27577711f};

    private Golden() {}

    public static Path file(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    static JsonObject preprocess() {
        return JsonReader.readObject(file("preprocess/preprocess.json"));
    }

    static JsonArray canvasCases() {
        return JsonReader.readObject(file("preprocess/canvas_cases.json")).array("cases");
    }

    /** The entries of preprocess.json, one for each image. */
    static Stream<JsonObject> images() {
        JsonArray images = preprocess().array("images");
        return IntStream.range(0, images.size()).mapToObj(images::object);
    }

    static Stream<String> imageNames() {
        return images().map(image -> image.text("name"));
    }

    public static ImageDecoder decoder() {
        return new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false);
    }

    public static MllamaImageProcessorConfig config(int tileSize) {
        return new MllamaImageProcessorConfig(tileSize, 4, grids(), 0.00392156862745098, MEAN, STD);
    }

    public static List<TileGrid> grids() {
        return TileGrid.upTo(4);
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
