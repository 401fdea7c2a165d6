package dev.mme5.cli.verification;

import dev.mme5.cli.context.UsageException;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The four similarities that were published with mmE5-mllama-11b-instruct (reference section 11). */
public final class PaperExample {
    private static final long BYTES = 56_749;
    private static final String SHA256_START = "52d2be67";
    private static final String SHA256_END = "51fbc9";

    /** The published values have the errors of bf16 on a GPU. */
    private static final double TOLERANCE = 0.01;

    private static final String QUESTION_PROMPT =
            "<|image|><|begin_of_text|>Represent the given image with the following question: What is in the image\n";
    private static final String CAPTION_PROMPT = "Find me an everyday image that matches the given caption: %s.\n";
    private static final String DOG = "A cat and a dog";
    private static final String TIGER = "A cat and a tiger";

    private final ImageSource image;

    private PaperExample(ImageSource image) {
        this.image = image;
    }

    /**
     * @param name name of the file in messages
     * @throws UsageException if it is not the image that the similarities were published for
     */
    public static PaperExample of(Path file, String name) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String sha256 = Sha256.hex(bytes);
        if (bytes.length != BYTES || !sha256.startsWith(SHA256_START) || !sha256.endsWith(SHA256_END)) {
            throw new UsageException("%s: is not the example image: expected %d bytes with SHA-256 %s...%s, found %d with %s"
                    .formatted(name, BYTES, SHA256_START, SHA256_END, bytes.length, sha256));
        }
        return new PaperExample(new ImageSource.Bytes(bytes, name));
    }

    private record Pair(String label, double published, Input first, Input second) {}

    public CheckResult compare(EmbeddingModel model) {
        Input question = Input.prompt(QUESTION_PROMPT, image);
        Input alone = Input.image(image);
        List<Pair> pairs = List.of(
                new Pair("image with a question, \"" + DOG + "\"", 0.4219, question, Input.text(DOG)),
                new Pair("image with a question, \"" + TIGER + "\"", 0.3184, question, Input.text(TIGER)),
                new Pair("caption \"" + DOG + "\", image", 0.4414, Input.text(CAPTION_PROMPT.formatted(DOG)), alone),
                new Pair("caption \"" + TIGER + "\", image", 0.3730, Input.text(CAPTION_PROMPT.formatted(TIGER)), alone));

        boolean agrees = true;
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-45s  %9s  %6s  %10s\n", "published similarities", "published", "here", "difference"));
        for (Pair pair : pairs) {
            Embedding first = model.embed(pair.first());
            double here = first.cosine(model.embed(pair.second()));
            double difference = here - pair.published();
            boolean within = Math.abs(difference) <= TOLERANCE;
            agrees &= within;
            text.append(String.format(
                    Locale.ROOT,
                    "%-45s  %9.4f  %6.4f  %+10.4f  %s\n",
                    pair.label(), pair.published(), here, difference, within ? "ok" : "DIFFERS"));
        }
        text.append(agrees ? "all within " : "not all within ").append(TOLERANCE).append('\n');
        return new CheckResult(agrees, text.toString());
    }
}
