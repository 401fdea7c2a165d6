/**
 * One class for each command. Start at {@link dev.mme5.cli.command.EmbedCommand}. A command reads its options, opens what it needs,
 * and returns an exit status; the work is done in the packages below.
 */
package dev.mme5.cli.command;
