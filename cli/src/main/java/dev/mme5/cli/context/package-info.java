/**
 * What every command needs: the streams of the process in {@link dev.mme5.cli.context.CommandContext}, the exit statuses in {@link
 * dev.mme5.cli.context.ExitStatus}, and the exceptions for wrong use. Start at {@code CommandContext}. All other packages of the
 * command may use this one, and it uses none of them.
 */
package dev.mme5.cli.context;
