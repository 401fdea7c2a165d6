/**
 * What commands write. {@link dev.mme5.cli.output.AtomicOutput} is the file or stdout; a {@link dev.mme5.cli.output.ResultWriter}
 * writes embeddings to it in one of the formats, a {@link dev.mme5.cli.output.SearchWriter} the answers of a search.
 */
package dev.mme5.cli.output;
