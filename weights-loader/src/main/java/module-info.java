/** Memory-mapped safetensors checkpoints, read strictly. */
module dev.mme5.weights {
    requires transitive dev.mme5.json;

    exports dev.mme5.weights;
    exports dev.mme5.weights.file;
    exports dev.mme5.weights.lora;
}
