package dev.mme5.tokenizer;

import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.TokenizerFiles;
import dev.mme5.tokenizer.settings.TokenizerSettings;
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

    /** Files of earlier releases of transformers that name special and added tokens, and count where they exist; unmodifiable. */
    public static final List<String> TOKEN_FILES = List.of(TokenizerSettings.SPECIAL_TOKENS, TokenizerSettings.ADDED_TOKENS);

    private TextSettings() {}

    /**
     * Whether {@link #TOKEN_FILES} count in a folder of a text encoder: not if {@code tokenizer_config.json} has the added tokens.
     *
     * @throws ModelFormatException if {@code tokenizer_config.json} is damaged or leads out of the folder
     */
    public static boolean readsTokenFiles(Path folder) {
        return TokenizerSettings.read(folder).readsOthers();
    }

    /**
     * Locates {@code sentence_bert_config.json}, or the first of its older names. A symbolic link counts as present even if it leads
     * nowhere, so that whoever reads it refuses it.
     *
     * @throws ModelFormatException if it cannot be told whether a file is present
     */
    public static Optional<Path> find(Path folder) {
        return Stream.concat(Stream.of(FILE), OLDER_FILES.stream())
                .map(folder::resolve)
                .filter(TokenizerFiles::isPresent)
                .findFirst();
    }
}
