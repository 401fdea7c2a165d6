package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.Plural;
import dev.mme5.engine.ModelStatistics;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whether a command that embeds many inputs says at its end what the model did. */
public final class StatisticsOptions {
    @Option(names = "--stats",
            description = "At the end, a line on stderr, also with --quiet: inputs, tokens computed, shared and cached, time, rate.")
    private boolean stats;

    /** Prints the line if it is asked for. */
    public void print(ModelStatistics statistics, double seconds, CommandContext context) {
        print(statistics, seconds, false, context);
    }

    /** Prints the line if it is asked for, or if {@code unasked}. */
    public void print(ModelStatistics statistics, double seconds, boolean unasked, CommandContext context) {
        if (stats || unasked) context.printMessage(line(statistics, seconds));
    }

    static String line(ModelStatistics statistics, double seconds) {
        long tokens = statistics.tokensComputed() + statistics.tokensShared();
        return String.format(Locale.ROOT, "%s, %s: %,d computed, %,d shared, %,d of them cached; %.2f s, %,.0f tokens/s",
                Plural.of(statistics.inputs(), "input"), Plural.of(tokens, "token"), statistics.tokensComputed(), statistics.tokensShared(),
                statistics.tokensCached(), seconds, tokens / Math.max(seconds, 1e-9));
    }
}
