/** Strict JSON: a reader whose refusals name file, location, expected and found, and a writer. */
module dev.mme5.json {
    exports dev.mme5.json;
}
