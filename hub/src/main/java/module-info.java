/** Downloads models from the Hugging Face hub into the cache that Python programs share. */
module dev.mme5.hub {
    requires transitive dev.mme5.json; // its root exception
    requires java.net.http;

    exports dev.mme5.hub;
}
