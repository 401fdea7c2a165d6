package dev.mme5.engine;

import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.runtime.ModelInput;
import java.util.Arrays;
import java.util.List;

/** The inputs that warm up a model: a text that fills a few panels, and a white image. */
final class WarmUp {
    private static final int SENTENCES = 8;
    private static final int SIDE = 64;

    private WarmUp() {}

    static List<ModelInput> inputs() {
        ModelInput text = Input.text("A cat and a dog. ".repeat(SENTENCES)).forRuntime();
        ModelInput.Image white = new ModelInput.Image("warm-up", (decoder, heap) -> white());
        String prompt = Input.IMAGE_TOKEN + Input.BEGIN_OF_TEXT + Input.STANDARD_INSTRUCTION;
        return List.of(text, new ModelInput(prompt, List.of(white), 0));
    }

    private static RgbImage white() {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        Arrays.fill(rgb, (byte) 0xff);
        return new RgbImage(SIDE, SIDE, rgb);
    }
}
