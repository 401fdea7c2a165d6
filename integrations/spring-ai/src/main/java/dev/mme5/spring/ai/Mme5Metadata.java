package dev.mme5.spring.ai;

/**
 * Keys of a document's metadata that say what is embedded. Spring's vector stores refuse documents with media, but they store a text
 * document whose metadata names an image.
 */
public final class Mme5Metadata {
    /**
     * An image file, or a list of them: a path or a {@code file:} URI, relative paths below an image folder of the builder. Files
     * elsewhere are refused. Image and text give one vector; if the text is blank, the image alone is embedded.
     */
    public static final String IMAGE = "mme5_image";

    /**
     * The words that are embedded in place of the document's text. Blank: the image alone is embedded, whatever caption the document
     * has. In a document with media: the words that are embedded with them.
     */
    public static final String TEXT = "mme5_text";

    private Mme5Metadata() {}
}
