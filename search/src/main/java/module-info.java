/** Exact search over embeddings: an index of a folder's images and texts, kept up to date, and metrics of rankings. */
module dev.mme5.search {
    requires transitive dev.mme5.engine;
    requires transitive dev.mme5.json; // its root exception
    requires dev.mme5.weights;

    exports dev.mme5.search;
}
