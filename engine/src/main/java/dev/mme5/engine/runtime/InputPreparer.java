package dev.mme5.engine.runtime;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.Options;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Prompt to token ids, pictures to canvases: everything about an input that needs no weights. */
public final class InputPreparer {
    private final Tokenizer tokenizer;
    private final MllamaImageProcessor imageProcessor;
    private final ImageDecoder imageDecoder;
    private final MemoryCheck memory;
    private final int maxTokens;
    private final Options options;

    public InputPreparer(Tokenizer tokenizer, MllamaImageProcessor imageProcessor, MemoryCheck memory, Options options) {
        this.tokenizer = tokenizer;
        this.imageProcessor = imageProcessor;
        this.imageDecoder = new ImageDecoder(options.maxPixels(), options.applyExif());
        this.memory = memory;
        int maxPositions = memory.plan().config().text().maxPositions(); // the model's own limit
        this.maxTokens = options.maxTokens() == 0 ? maxPositions : Math.min(options.maxTokens(), maxPositions);
        this.options = options;
    }

    public int maxTokens() {
        return maxTokens;
    }

    /** Whether inputs may be prepared on another thread while the model computes: not when one thread was asked for. */
    boolean mayRunAhead() {
        return options.threads() > 1;
    }

    /**
     * @param heap what decoding a picture may take
     * @throws InputException when the prompt and the pictures do not fit together or into memory, or a picture cannot be used
     */
    public PreparedInput prepare(Input input, HeapLimit heap) {
        Encoding encoding = encode(input);
        memory.requireInput(encoding.ids().length, input.pictures().size()); // before any picture is decoded
        List<TiledImage> images = new ArrayList<>();
        try {
            for (ImageSource picture : input.pictures()) images.add(tiles(picture, heap));
        } catch (ImageException e) {
            throw new InputException(e.getMessage(), e);
        }
        return PreparedInput.of(encoding.ids(), encoding.truncated(), images);
    }

    private Encoding encode(Input input) {
        String prompt = input.fullPrompt();
        int limit = input.maxTokens() == 0 ? maxTokens : Math.min(input.maxTokens(), maxTokens);
        // A full prompt has a begin-of-text token of its own; only the post-processor can add a second one.
        Encoding encoding = options.dropDuplicateBos() ? raw(prompt, limit) : tokenizer.encode(prompt, limit);
        if (encoding.truncated() && options.refuseTooLong()) {
            throw new InputException("the text has more tokens than the limit of " + limit);
        }
        return encoding;
    }

    private Encoding raw(String prompt, int limit) {
        int[] ids = tokenizer.encodeRaw(prompt);
        return new Encoding(Arrays.copyOf(ids, Math.min(ids.length, limit)), ids.length);
    }

    private TiledImage tiles(ImageSource picture, HeapLimit heap) {
        RgbImage pixels = switch (picture) {
            case ImageSource.File file -> imageDecoder.decode(file.path(), heap);
            case ImageSource.Bytes bytes -> imageDecoder.decode(bytes.bytes(), bytes.name(), heap);
            case ImageSource.Decoded decoded -> imageDecoder.convert(decoded.image(), "picture", heap);
        };
        return imageProcessor.process(pixels, name(picture), heap);
    }

    private static String name(ImageSource picture) {
        return switch (picture) {
            case ImageSource.File file -> file.path().toString();
            case ImageSource.Bytes bytes -> bytes.name();
            case ImageSource.Decoded decoded -> "picture";
        };
    }
}
