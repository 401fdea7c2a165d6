/** The default model of mme5 as a jar; start with {@link dev.mme5.model.mini.MiniModel}. */
module dev.mme5.model.mini {
    exports dev.mme5.model.mini;
}
