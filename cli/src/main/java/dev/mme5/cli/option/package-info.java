/**
 * Options that several commands share, as picocli mixins. {@link dev.mme5.cli.option.CommonOptions} belongs to every command,
 * {@link dev.mme5.cli.option.EngineOptions} to every command that opens a model to embed with it. A class here checks the values of
 * its options and makes something of them: a model, inputs, a writer.
 */
package dev.mme5.cli.option;
