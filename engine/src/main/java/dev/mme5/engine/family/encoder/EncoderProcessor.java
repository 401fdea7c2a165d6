package dev.mme5.engine.family.encoder;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import java.nio.file.Path;

/** Text to token ids, with the special tokens that tokenizer.json adds around it. */
record EncoderProcessor(Tokenizer tokenizer) implements InputProcessor {
    static EncoderProcessor read(Path folder, EncoderConfig config) {
        Tokenizer tokenizer = Tokenizer.open(folder, config.vocabSize());
        if (tokenizer.size() > config.vocabSize()) {
            throw new ModelFormatException(folder.resolve("tokenizer.json").toString(), "",
                    "expected ids below the %d rows of word_embeddings, found %d of %s".formatted(config.vocabSize(), tokenizer.maxId(),
                            JsonWriter.quote(tokenizer.decode(new int[] {tokenizer.maxId()}))));
        }
        return new EncoderProcessor(tokenizer);
    }

    @Override
    public Encoding encode(String prompt, int images, int maxTokens) {
        refuseImages(images);
        return notEmpty(tokenizer.encode(prompt, maxTokens));
    }

    @Override
    public Encoding encodePlain(String prompt, int images, int maxTokens) {
        refuseImages(images);
        return notEmpty(tokenizer.encodePlain("", prompt, maxTokens));
    }

    @Override
    public int leastTokens() {
        return tokenizer.leastTokens();
    }

    private static void refuseImages(int images) {
        if (images > 0) throw new RefusedInputException(Refusal.NOT_ACCEPTED, "the model takes no images, only texts");
    }

    private static Encoding notEmpty(Encoding encoding) {
        if (encoding.ids().length == 0) throw new RefusedInputException(Refusal.EMPTY, "the text has no tokens");
        return encoding;
    }

    @Override
    public PreparedImage prepare(RgbImage pixels, String name, HeapLimit heap) {
        throw new IllegalStateException("images are refused before they are prepared");
    }
}
