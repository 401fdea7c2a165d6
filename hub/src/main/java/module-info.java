/** Downloads models from the Hugging Face hub into the cache that Python programs share. */
module dev.mme5.hub {
    requires dev.mme5.json;
    requires java.net.http;

    exports dev.mme5.hub;
}
