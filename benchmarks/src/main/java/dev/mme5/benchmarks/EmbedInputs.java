package dev.mme5.benchmarks;

import dev.mme5.engine.Input;
import dev.mme5.tokenizer.Tokenizer;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** What users embed: queries, passages, pictures. */
public enum EmbedInputs {
    TEXT_20(1, 20, 0),
    TEXT_256(1, 256, 0),
    TEXTS_32_X_20(32, 20, 0),
    TEXTS_32_X_256(32, 256, 0),
    PICTURE_1_TILE(1, 7, 1),
    PICTURE_4_TILES(1, 7, 4);

    private static final int SIDE = 400;

    private final int count;
    private final int tokens;
    private final int tiles;

    EmbedInputs(int count, int tokens, int tiles) {
        this.count = count;
        this.tokens = tokens;
        this.tiles = tiles;
    }

    /** The inputs; texts have exactly the number of tokens that the name says. */
    List<Input> make(Path folder) {
        if (tiles > 0) return List.of(Input.image(noise(tiles == 1 ? SIDE : 2 * SIDE)));
        Tokenizer tokenizer = Tokenizer.open(folder);
        return IntStream.range(0, count).mapToObj(i -> Input.text(text(tokenizer, i))).toList();
    }

    /** Operations of the whole call. */
    double flops(Work work) {
        return tiles > 0 ? work.picture(tokens, tiles) : count * work.text(tokens);
    }

    private String text(Tokenizer tokenizer, int seed) {
        StringBuilder text = new StringBuilder("number " + seed);
        while (tokenizer.encode(Input.text(text.toString()).fullPrompt()).length < tokens) text.append(" a");
        return text.toString();
    }

    private static BufferedImage noise(int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        int pixel = 1;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                pixel = pixel * 1_664_525 + 1_013_904_223;
                image.setRGB(x, y, pixel >>> 8);
            }
        }
        return image;
    }
}
