/**
 * The text decoder: {@link dev.mme5.engine.family.mllama.text.TextDecoder} runs token ids through layers that attend to the
 * sequence itself or to images, whose keys and values are {@link dev.mme5.engine.family.mllama.text.VisionStates}.
 */
package dev.mme5.engine.family.mllama.text;
