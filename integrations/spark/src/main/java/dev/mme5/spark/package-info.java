/**
 * mme5 on Spark. Start with {@link dev.mme5.spark.Mme5Embedder}, a stage of ML pipelines; {@link dev.mme5.spark.Mme5Functions} registers
 * the SQL function, {@link dev.mme5.spark.EmbedJob} is the main class for spark-submit.
 *
 * <p>A stage becomes {@code EmbedSettings}, which travel to the executors. There {@code PartitionEmbedder} takes a partition: {@code
 * RowInputs} turns rows into inputs, {@code EmbeddedRows} embeds them batch by batch on the JVM's one model, of {@code SharedModels}.
 */
package dev.mme5.spark;
