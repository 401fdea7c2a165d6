package dev.mme5.tokenizer;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file in which sentence-transformers keeps what holds for the texts of a model. {@link Tokenizer#open} takes
 * {@code do_lower_case} from it; {@code max_seq_length} is for those who limit texts.
 */
public final class TextSettings {
    /** Its name. */
    public static final String FILE = "sentence_bert_config.json";

    /** Its names in folders of earlier releases of sentence-transformers, by type of the model; unmodifiable. */
    public static final List<String> OLDER_FILES = Stream.of("roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")
            .map("sentence_%s_config.json"::formatted).toList();

    private TextSettings() {}

    /** Finds the file in a model folder: the first of the names that is there, be it a symbolic link that leads nowhere. */
    public static Optional<Path> find(Path folder) {
        return Stream.concat(Stream.of(FILE), OLDER_FILES.stream())
                .map(folder::resolve)
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }
}
