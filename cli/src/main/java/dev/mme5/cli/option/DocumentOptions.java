package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a search finds, and what of it is embedded. */
public final class DocumentOptions {
    @Option(
            names = "--in",
            paramLabel = "FOLDER|FILE.jsonl",
            required = true,
            description = "What to search: the images, whatever their names, and .txt files of a folder, or the inputs of a file "
                    + "as for embed --input.")
    private Path in;

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Files and folders of FOLDER to pass over: a name, or a path from FOLDER; * stands for any characters but /, "
                    + "** for any, [ab] and {a,b} for alternatives. May be given several times. Folders of systems, such as @eaDir "
                    + "or __MACOSX, are always passed over.")
    private List<String> excludes = new ArrayList<>();

    @Option(
            names = "--prune",
            description = "Drop documents below folders that are empty now, at links that lead nowhere, and of lines "
                    + "whose images are missing.")
    private boolean prune;

    @Mixin
    private DocumentPromptOptions prompt = new DocumentPromptOptions();

    /**
     * The documents as they are there.
     *
     * @param special whether special tokens in texts are recognised where a line does not say
     */
    public DocumentCollection documents(boolean special, CommandContext context) throws IOException {
        prompt.check();
        return DocumentCollection.from(in, excludes, special, context);
    }

    /** What the user named. */
    public Path in() {
        return in;
    }

    /** What the model embeds, with the prompt in front of texts. */
    public DocumentCollection prompted(DocumentCollection all, EmbeddingModel model, Path index) {
        DocumentCollection documents = model.takesImages() ? all : all.withoutImages();
        documents.requireDocuments(in, index);
        return documents.withPrompt(prompt.prompt(model));
    }

    /**
     * A message if there is a prompt and none of the documents takes it, unless some are out of sight.
     *
     * @param documents what is embedded
     */
    public Optional<String> unusedPrompt(DocumentCollection documents) {
        List<Document> all = documents.scan().documents();
        boolean isWhole = documents.scan().gaps().isEmpty() && documents.scan().failures().isEmpty();
        boolean isUnused = prompt.isGiven() && isWhole && !all.isEmpty()
                && all.stream().noneMatch(document -> document.kind() == Document.Kind.TEXT);
        return isUnused ? Optional.of(prompt.option() + " is for documents without images, and there is none") : Optional.empty();
    }

    /** Whether documents that are out of sight count as deleted. */
    public boolean prune() {
        return prune;
    }
}
