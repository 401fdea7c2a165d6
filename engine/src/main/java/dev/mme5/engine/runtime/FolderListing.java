package dev.mme5.engine.runtime;

import dev.mme5.engine.family.ModelFiles;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the engine does with every entry of a model folder, so that a file which could change vectors is never passed over unseen. */
public final class FolderListing {
    /** Files of which the engine needs nothing: texts for people, and the same model for other programs. */
    private static final Pattern NOT_NEEDED = Pattern.compile("(?i)"
            + "\\..*|(readme|license|licence|notice|use_policy|copying|sha256sums).*|.*\\.(md|txt|pdf|png|jpe?g|gif|webp|svg|py|ipynb)"
            + "|(pytorch_model|tf_model|flax_model|consolidated|training_args|optimizer|scheduler|rng_state|adapter_model).*\\.(bin|h5|msgpack|pth|pt|index\\.json)"
            + "|(special_tokens_map|generation_config|chat_template|added_tokens|vocab|trainer_state|quantization|params)\\.jsonl?"
            + "|data_config\\.json|rust_model\\.ot"
            + "|chat_template\\.jinja|(tokenizer|sentencepiece\\.bpe)\\.model|goldens.*|evaluation.*|training|gallery|original|onnx|openvino|runs|[1-9]_(Pooling|Normalize)");

    /** Decides about vectors or is checked; known and without meaning for vectors; unknown. */
    public enum Use {
        READ, NOT_NEEDED, NOT_UNDERSTOOD
    }

    /**
     * A file or folder in the model folder.
     *
     * @param name with a slash at the end of the name of a folder
     * @param bytes 0 for a folder
     */
    public record Entry(String name, long bytes, Use use) {}

    private FolderListing() {}

    /** @param read the files that were read or checked */
    public static List<Entry> of(Path folder, ModelFiles known, List<Path> read) {
        Set<String> used = new HashSet<>();
        for (List<String> names : List.of(known.read(), known.optional(), known.checked())) {
            for (String name : names) used.add(name.contains("/") ? name.substring(0, name.indexOf('/')) : name);
        }
        Set<String> notNeeded = new HashSet<>(known.accompanying());
        notNeeded.addAll(known.describing());
        notNeeded.remove(ModelFiles.PROMPTS);
        used.add(ModelFiles.PROMPTS); // decides about vectors if a prompt is asked for by name
        for (Path file : read) {
            if (!notNeeded.contains(file.getFileName().toString())) used.add(file.getFileName().toString());
        }
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Use use = used.contains(name)
                        ? Use.READ
                        : notNeeded.contains(name) || NOT_NEEDED.matcher(name).matches()
                                ? Use.NOT_NEEDED
                                : Use.NOT_UNDERSTOOD;
                boolean isFolder = Files.isDirectory(file);
                entries.add(new Entry(isFolder ? name + "/" : name, isFolder ? 0 : Files.size(file), use));
            }
        } catch (DirectoryIteratorException e) {
            throw ModelFormatException.unreadable(folder, e.getCause());
        } catch (IOException e) {
            throw ModelFormatException.unreadable(folder, e);
        }
        entries.sort(Comparator.comparing(Entry::use).thenComparing(Entry::name));
        return entries;
    }
}
