/** A strict, small JSON reader whose errors name file, place, expected and found. */
module dev.mme5.json {
    exports dev.mme5.json;
}
