/** Embeddings and search over HTTP, in the shapes of OpenAI, Cohere and Text Embeddings Inference. */
module dev.mme5.server {
    requires transitive dev.mme5.engine;
    requires dev.mme5.json;
    requires dev.mme5.search;
    requires dev.mme5.tokenizer;
    requires jdk.httpserver;
    requires jdk.jfr; // an event for each pass

    exports dev.mme5.server;
}
