package dev.mme5.engine.family;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;

/** Turns inputs into what a model takes, without its weights. Used by many threads at once. */
public interface InputProcessor {
    /** The tokenizer of the model. */
    Tokenizer tokenizer();

    /**
     * The token ids of a prompt.
     *
     * @param prompt as the user gave it, with a placeholder for each image
     * @param images how many images the prompt is about
     * @param maxTokens where the ids are cut off
     * @throws RefusedInputException when prompt and images do not fit together, or the family takes no images
     */
    Encoding encode(String prompt, int images, int maxTokens);

    /**
     * The token ids of a prompt whose text is plain: what looks like a special token in it is text.
     *
     * @param prompt the placeholders of the images, the token that begins a text if there are images, then the text
     * @throws RefusedInputException when it does not begin so, or the family cannot do it
     */
    default Encoding encodePlain(String prompt, int images, int maxTokens) {
        throw new RefusedInputException(Refusal.SPECIAL_TOKEN, "models of this kind always recognise special tokens in a text");
    }

    /** The least {@code maxTokens} at which a prompt that is cut keeps its special tokens and one of its text; 1 if any will do. */
    default int leastTokens() {
        return 1;
    }

    /**
     * An image as the model takes it. Not called by a family that refuses images.
     *
     * @param name what messages call the image
     * @param heap an image that needs more is refused; its pixels count
     * @throws dev.mme5.engine.image.raster.ImageException when it does not fit
     */
    PreparedImage prepare(RgbImage pixels, String name, HeapLimit heap);
}
