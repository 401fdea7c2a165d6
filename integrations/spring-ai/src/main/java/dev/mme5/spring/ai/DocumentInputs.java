package dev.mme5.spring.ai;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.EmbeddingResultMetadata;
import org.springframework.ai.embedding.EmbeddingResultMetadata.ModalityType;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/** Says what of a document is embedded: its media and the images that its metadata names, with its text. */
final class DocumentInputs {
    private static final MimeType ANY_IMAGE = new MimeType("image", "*");

    private final MediaImages media;
    private final ImageFolders folders;
    private final Instruction instruction;
    private final MetadataMode metadataMode;

    DocumentInputs(ImageFolders folders, Instruction instruction, MetadataMode metadataMode) {
        this.media = new MediaImages(folders);
        this.folders = folders;
        this.instruction = instruction;
        this.metadataMode = metadataMode;
    }

    /** @throws UnusableDocumentException when an image may not be read, or is none */
    Source source(Document document) {
        try {
            List<ImageSource> images = images(document);
            String text = text(document);
            Input input = input(images, text);
            return new Source(input, resultMetadata(document, !images.isEmpty()), document.getId());
        } catch (IllegalArgumentException e) {
            throw new UnusableDocumentException(document.getId(), e.getMessage(), e);
        }
    }

    private Input input(List<ImageSource> images, String text) {
        if (images.isEmpty()) return Input.literal(instruction.apply(text));
        if (text.isBlank()) return Input.images(images, Input.STANDARD_INSTRUCTION);
        return Input.images(images, text).withoutSpecialTokens();
    }

    /** The image of a query, with words or without. */
    Input query(Media image, String words) {
        return input(List.of(media.image(image)), words);
    }

    private List<ImageSource> images(Document document) {
        List<ImageSource> images = new ArrayList<>();
        if (document.getMedia() != null) images.add(media.image(document.getMedia()));
        Object named = document.getMetadata().get(Mme5Metadata.IMAGE);
        Collection<?> names = named instanceof Collection<?> several ? several : named == null ? List.of() : List.of(named);
        for (Object name : names) images.add(ImageSource.of(folders.resolve(name.toString())));
        return images;
    }

    /** The words of a document, without its instruction. */
    String text(Document document) {
        Object explicit = document.getMetadata().get(Mme5Metadata.TEXT);
        if (explicit != null) return explicit.toString();
        String text = document.getText();
        if (text == null) return "";
        if (metadataMode == MetadataMode.NONE) return text;
        Document copy = withoutOurKeys(document);
        return copy.getMetadata().isEmpty() ? text : copy.getFormattedContent(metadataMode);   // else two empty lines come first
    }

    private static Document withoutOurKeys(Document document) {
        Map<String, Object> metadata = new HashMap<>(document.getMetadata());
        metadata.remove(Mme5Metadata.IMAGE);
        metadata.remove(Mme5Metadata.TEXT);
        Document copy = document.mutate().metadata(metadata).build();
        copy.setContentFormatter(document.getContentFormatter());
        return copy;
    }

    private static EmbeddingResultMetadata resultMetadata(Document document, boolean hasImage) {
        Media media = document.getMedia();
        MimeType type = media != null ? media.getMimeType() : hasImage ? ANY_IMAGE : MimeTypeUtils.TEXT_PLAIN;
        Object data = media != null ? media.getData() : document.getText();
        return new EmbeddingResultMetadata(document.getId(), hasImage ? ModalityType.IMAGE : ModalityType.TEXT, type, data);
    }
}
