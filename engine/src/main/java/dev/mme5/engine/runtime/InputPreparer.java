package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.runtime.memory.DecodeMemory;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.pass.PreparedInput;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Prompt to token ids, images to what the model takes: everything about an input that needs no weights. */
final class InputPreparer {
    private final InputProcessor processor;
    private final ImageDecoder imageDecoder;
    private final MemoryCheck memory;
    private final int maxTokens;
    private final boolean refuseTooLong;
    private final boolean decodesAhead;

    InputPreparer(InputProcessor processor, MemoryCheck memory, RuntimeOptions options) {
        this.processor = processor;
        this.imageDecoder = new ImageDecoder(options.maxPixels(), options.applyExif());
        this.memory = memory;
        int modelsOwn = memory.estimate().maxTokens();
        this.maxTokens = options.maxTokens() == 0 ? modelsOwn : Math.min(options.maxTokens(), modelsOwn);
        this.refuseTooLong = options.refuseTooLong();
        this.decodesAhead = options.threads() > 1;
    }

    Tokenizer tokenizer() {
        return processor.tokenizer();
    }

    /** The limit of an input: the model's own, or a lower one of the options. */
    int maxTokens() {
        return maxTokens;
    }

    /** Whether inputs may be prepared on another thread during a pass: not when one thread was asked for. */
    boolean decodesAhead() {
        return decodesAhead;
    }

    /**
     * Tokens of an input before any are cut off.
     *
     * @throws RefusedInputException when the prompt cannot be tokenised
     */
    int countTokens(ModelInput input) {
        return encodeUpTo(maxTokens, input).total();
    }

    /**
     * The token ids of the prompt.
     *
     * @throws RefusedInputException when the prompt and the images do not fit together, or can never fit into memory, or the limit leaves
     *     nothing of the prompt but special tokens
     */
    Encoding encode(ModelInput input) {
        int limit = input.maxTokens() == 0 ? maxTokens : Math.min(input.maxTokens(), maxTokens);
        Encoding encoding = encodeUpTo(limit, input);
        if (encoding.truncated() && refuseTooLong) {
            throw new RefusedInputException(Refusal.TOO_LONG, "the text has more tokens than the limit of " + limit);
        }
        encoding.shortage(limit, processor.leastTokens()).ifPresent(shortage -> {
            throw new RefusedInputException(Refusal.TOO_LONG, shortage);
        });
        memory.requireInput(encoding.ids().length, input.images().size()); // before any image is decoded
        return encoding;
    }

    private Encoding encodeUpTo(int limit, ModelInput input) {
        int images = input.images().size();
        return input.isPlain()
                ? processor.encodePlain(input.prompt(), images, limit)
                : processor.encode(input.prompt(), images, limit);
    }

    /**
     * Decodes the images.
     *
     * @param memory what decoding them may take
     * @throws dev.mme5.engine.image.raster.ImageException when an image cannot be used, or does not fit into memory
     * @throws dev.mme5.engine.failure.Failure.Cancelled when the thread is interrupted
     */
    PreparedInput prepare(ModelInput input, Encoding encoding, DecodeMemory memory) {
        List<PreparedImage> images = new ArrayList<>();
        for (ModelInput.Image image : input.images()) {
            Interruption.check();
            PreparedImage prepared = processor.prepare(image.pixels().decode(imageDecoder, memory), image.name(), memory);
            images.add(prepared);
            memory.imagePrepared(prepared.bytes());
        }
        return PreparedInput.of(encoding.ids(), encoding.truncated(), images);
    }
}
