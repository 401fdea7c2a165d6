/**
 * {@code mme5 evaluate}: {@link dev.mme5.cli.evaluation.EvaluationReader} reads a retrieval task, {@link
 * dev.mme5.cli.evaluation.EvaluationReport} prints its metrics.
 */
package dev.mme5.cli.evaluation;
