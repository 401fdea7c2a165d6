package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.cli.input.NamedFile;
import dev.mme5.cli.input.UpdatedIndex;
import dev.mme5.cli.output.OutputSuffix;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.SearchIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The index file of a command that compares documents. */
public final class IndexOptions {
    @Option(
            names = "--index",
            paramLabel = "FILE",
            description = "File that keeps the vectors for the next run. Default: in FOLDER or next to FILE, ending in "
                    + "index.safetensors.")
    private Path index;

    @Option(names = "--rebuild", description = "Embed everything again, even if there is an index.")
    private boolean rebuild;

    /** The index file as the user named it, null for the default. Refuses the name of an image, unless an index has it. */
    public String explicit(CommandContext context) {
        if (index == null) return null;
        String name = index.toString();
        boolean isRefused = OutputSuffix.isMedia(name) && !SearchIndex.isIndex(context.folder().resolve(index));
        if (isRefused) OutputSuffix.format("--index", name, Map.of("safetensors", true));
        return name;
    }

    /** The index file. */
    public Path file(DocumentCollection documents, CommandContext context) throws IOException {
        return index == null ? documents.defaultIndex() : NamedFile.of(context.folder().resolve(index)).path();
    }

    /**
     * Updates the index of the documents and opens it.
     *
     * @param prune whether documents below folders that are empty now count as deleted
     */
    public UpdatedIndex update(DocumentCollection documents, boolean prune, EmbeddingModel model, CommandContext context, boolean quiet)
            throws IOException {
        return UpdatedIndex.open(documents, file(documents, context), rebuild, prune, model, context, quiet);
    }
}
