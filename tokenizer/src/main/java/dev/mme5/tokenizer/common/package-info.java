/**
 * What several stages of the pipeline share: UTF-8, classes of code points, the byte alphabet, buffers, a hash map of pairs,
 * and the checks of files and of settings in {@code tokenizer.json}.
 *
 * <p>{@link dev.mme5.tokenizer.common.SpanHandler} connects the stages.
 */
package dev.mme5.tokenizer.common;
