/** Embeds text and images with checkpoints from the Hugging Face hub; start with {@link dev.mme5.engine.EmbeddingModel}. */
module dev.mme5.engine {
    requires transitive dev.mme5.json; // callers may catch its ModelFormatException
    requires transitive dev.mme5.weights; // the scheme of quantised weights is its type
    requires transitive dev.mme5.tokenizer; // an open model shares its tokenizer
    requires jdk.incubator.vector;
    requires static jdk.jfr; // an event for each image that is decoded, where it is there
    requires static transitive java.desktop; // only for callers who hand over a BufferedImage

    exports dev.mme5.engine;
    exports dev.mme5.engine.files to
            dev.mme5.cli, dev.mme5.search;
    exports dev.mme5.engine.image to
            dev.mme5.cli, dev.mme5.search, dev.mme5.server; // recognises image files, makes thumbnails
    exports dev.mme5.engine.image.raster to
            dev.mme5.cli, dev.mme5.server;
    exports dev.mme5.engine.quantize;
}
