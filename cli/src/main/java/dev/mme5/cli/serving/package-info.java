/** Options of the server alone: where it listens, and what a request may take. */
package dev.mme5.cli.serving;
