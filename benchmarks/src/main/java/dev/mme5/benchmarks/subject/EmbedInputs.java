package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.WeightBytes;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.text.DistinctTokens;
import dev.mme5.tokenizer.Tokenizer;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Typical inputs: queries, passages, images. The names are values of a JMH parameter. */
public enum EmbedInputs {
    TEXT_20(1, 20, 0),
    TEXT_256(1, 256, 0),
    TEXTS_32_X_20(32, 20, 0),
    TEXTS_32_X_256(32, 256, 0),
    IMAGE_1_TILE(1, 0, 1),
    IMAGE_2_TILES(1, 0, 2),
    IMAGE_4_TILES(1, 0, 4),
    /** One image with three prompts: the vision encoder runs once. */
    IMAGE_4_TILES_3_PROMPTS(3, 0, 4);

    /** Length of an image side relative to its tiles: the image is not resized, and the last tiles are partly padding. */
    private static final double FILLED_SIDE = 0.9;

    private final int count;
    private final int tokens;
    private final int tiles;

    EmbedInputs(int count, int tokens, int tiles) {
        this.count = count;
        this.tokens = tokens;
        this.tiles = tiles;
    }

    boolean isImage() {
        return tiles > 0;
    }

    /** The inputs of one call, and their workload. */
    public record Batch(List<Input> inputs, Workload workload) {}

    /** Texts have exactly the number of tokens in the name, images the number of tiles. */
    public Batch make(Path folder) {
        MllamaConfig config = MllamaConfig.read(folder);
        Tokenizer tokenizer = Tokenizer.open(folder);
        FlopCount flopCount = new FlopCount(config);
        WeightBytes bytes = WeightBytes.of(folder, config);
        if (!isImage()) {
            List<Input> texts = IntStream.range(0, count).mapToObj(i -> Input.text(text(tokenizer, i))).toList();
            DistinctTokens distinct = new DistinctTokens();
            double flops = 0;
            for (Input text : texts) {
                int[] ids = tokenizer.encode(text.fullPrompt());
                flops += flopCount.text(ids.length, ids.length - distinct.added(ids));
                distinct.add(ids);
            }
            return new Batch(texts, new Workload(flops, bytes.text(), (double) count * tokens, "tokens"));
        }
        ImageSource image = ImageSource.of(noise(config.vision().tileSize()));
        List<Input> prompts = IntStream.range(0, count)
                .mapToObj(i -> Input.images(List.of(image), i == 0 ? Input.STANDARD_INSTRUCTION : "What is in part " + i + "?\n"))
                .toList();
        double flops = 0;
        boolean withAbsentTiles = false;
        for (Input prompt : prompts) {
            int[] ids = tokenizer.encode(prompt.fullPrompt());
            int tokensBeforeImage = 0; // some tokenizers put a token first
            while (ids[tokensBeforeImage] != config.imageTokenId()) tokensBeforeImage++;
            withAbsentTiles |= tokensBeforeImage > 0;
            flops += flopCount.prompt(ids.length, tokensBeforeImage, tiles);
        }
        flops += flopCount.image(withAbsentTiles, tiles);
        return new Batch(prompts, new Workload(flops, bytes.image(), 1, "images"));
    }

    private String text(Tokenizer tokenizer, int seed) {
        StringBuilder text = new StringBuilder("number " + seed);
        int length;
        while ((length = tokenizer.encode(Input.text(text.toString()).fullPrompt()).length) < tokens) text.append(" a");
        if (length != tokens) throw new IllegalStateException("no text of " + tokens + " tokens was found");
        return text.toString();
    }

    private BufferedImage noise(int tileSize) {
        int width = (int) (tileSize * FILLED_SIDE * (tiles == 4 ? 2 : tiles));
        int height = (int) (tileSize * FILLED_SIDE * (tiles == 4 ? 2 : 1));
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int pixel = 1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                pixel = pixel * 1_664_525 + 1_013_904_223;
                image.setRGB(x, y, pixel >>> 8);
            }
        }
        return image;
    }
}
