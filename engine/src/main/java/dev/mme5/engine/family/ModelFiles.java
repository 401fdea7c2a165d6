package dev.mme5.engine.family;

import java.util.ArrayList;
import java.util.List;

/**
 * The files of a model folder beside its weights, by names relative to the folder: the one list that opening, fingerprint,
 * quantising and packaging use. A file may be missing unless reading it refuses that.
 *
 * @param read files that decide about vectors, in the order in which the fingerprint reads them
 * @param optional files that decide about vectors where they exist; another file may take their place
 * @param checked files of other programs that are checked for what the engine does not do; files made from a folder leave them out
 * @param accompanying files that a folder made from this one has too: licences, templates for other programs
 * @param describing files that describe this very folder
 */
public record ModelFiles(
        List<String> read, List<String> optional, List<String> checked, List<String> accompanying, List<String> describing) {
    /** Prompts by name, which callers may put in front of their texts. */
    public static final String PROMPTS = "config_sentence_transformers.json";

    private static final List<String> ACCOMPANYING = List.of(
            "special_tokens_map.json", "generation_config.json", "chat_template.json", "chat_template.jinja", "LICENSE", "LICENSE.txt",
            "LICENSE.md", "NOTICE", "NOTICE.txt", "USE_POLICY.md", "README.md", PROMPTS);

    private static final List<String> DESCRIBING = List.of("quantization.json");

    public ModelFiles {
        read = List.copyOf(read);
        optional = List.copyOf(optional);
        checked = List.copyOf(checked);
        accompanying = List.copyOf(accompanying);
        describing = List.copyOf(describing);
    }

    /** These files, and those that any folder of the Hugging Face hub may have beside them. */
    public static ModelFiles reading(String... names) {
        return new ModelFiles(List.of(names), List.of(), List.of(), ACCOMPANYING, DESCRIBING);
    }

    /** The same with files that count where they exist. */
    public ModelFiles withOptional(List<String> names) {
        return new ModelFiles(read, names, checked, accompanying, describing);
    }

    /** The same with files that are checked. */
    public ModelFiles withChecked(List<String> names) {
        return new ModelFiles(read, optional, names, accompanying, describing);
    }

    /** The files that a folder made from this one takes over. */
    public List<String> inherited() {
        List<String> names = new ArrayList<>(read);
        names.addAll(optional);
        names.addAll(accompanying);
        return names;
    }

    /** All files. */
    public List<String> all() {
        List<String> names = inherited();
        names.addAll(describing);
        return names;
    }
}
