package dev.mme5.examples;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Embeds the images of a folder and finds them by words in any language. Arguments: FOLDER [WORDS...]. */
final class ImageSearch {
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<String> queries = args.length > 1 ? List.of(args).subList(1, args.length) : List.of("red apple", "велосипед", "飛行機");

        // For mmE5 itself: mme5 download intfloat/mmE5-mllama-11b-instruct, and the folder that it prints here.
        try (EmbeddingModel model = EmbeddingModel.open(MiniModel.folder())) {
            List<Path> files = images(folder);
            List<Embedding> images = model.embedAll(files.stream().map(Input::image).toList());

            for (String query : queries) {
                Embedding words = model.embed(Input.text(query));
                System.out.println(query);
                IntStream.range(0, files.size()).boxed()
                        .sorted(Comparator.comparing(i -> -words.cosine(images.get(i))))
                        .limit(3)
                        .forEach(i -> System.out.printf("  %.3f  %s%n", words.cosine(images.get(i)), files.get(i).getFileName()));
            }
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
        }
    }
}
