package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.subject.OneTokenWords;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.json.JsonWriter;
import dev.mme5.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One side of a comparison with another program, {@code benchmarks/transformers_beside.py}, in turns. Prints a line of JSON with the names
 * of some inputs and their token ids. For each name that is then read, the inputs are embedded in one call, and the seconds are printed.
 * Nothing is cached from turn to turn.
 */
@Command(name = "turns", hidden = true, description = "Embeds named inputs when a line on stdin asks for them.")
public final class TurnsBench implements Callable<Integer> {
    private final InputStream in;
    private final PrintStream out;

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "model folder")
    private Path folder;

    @Option(names = "--threads", paramLabel = "N", description = "threads that compute; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--image", paramLabel = "FILE", description = "an image")
    private Path image;

    public TurnsBench(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = Tokenizer.open(folder);
        Map<String, List<Input>> inputs = inputs(new OneTokenWords(tokenizer));
        JsonWriter json = new JsonWriter().beginObject();
        inputs.forEach((name, texts) -> {
            json.name(name).beginArray();
            for (Input text : texts) json.value(tokenizer.encode(text.fullPrompt()));
            json.endArray();
        });
        out.println(json.endObject());
        Options options = Options.defaults().withThreads(threads).withPrefixCacheBytes(0).withImageCacheBytes(0);
        try (EmbeddingModel model = EmbeddingModel.open(folder, options);
                BufferedReader names = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String name = names.readLine(); name != null; name = names.readLine()) {
                List<Input> asked = inputs.get(name);
                if (asked == null) throw new IllegalArgumentException("no inputs are called " + name);
                long start = System.nanoTime();
                model.embedAll(asked);
                out.println((System.nanoTime() - start) / 1e9);
            }
        }
        return 0;
    }

    private Map<String, List<Input>> inputs(OneTokenWords words) {
        Map<String, List<Input>> inputs = new LinkedHashMap<>();
        inputs.put("text of 20 tokens", List.of(words.text("", 0, 20)));
        inputs.put("text of 256 tokens", List.of(words.text("", 1, 256)));
        String instruction = words.beginning(12);
        inputs.put("32 texts of 20, 12 equal", IntStream.range(0, 32).mapToObj(i -> words.text(instruction, i, 20)).toList());
        if (image != null) inputs.put("image", List.of(Input.image(ImageSource.of(image))));
        return inputs;
    }
}
