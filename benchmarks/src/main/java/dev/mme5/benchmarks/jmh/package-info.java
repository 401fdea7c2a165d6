/**
 * JMH benchmarks, one class for each kind of operation. They measure the subjects that the table of {@code mme5 bench} measures.
 */
package dev.mme5.benchmarks.jmh;
