/**
 * What commands read. {@link dev.mme5.cli.input.InputRecords} gives the inputs of a command one after the other; start there. {@link
 * dev.mme5.cli.input.DocumentCollection} and {@link dev.mme5.cli.input.UpdatedIndex} lead from a folder or file to a search index.
 */
package dev.mme5.cli.input;
