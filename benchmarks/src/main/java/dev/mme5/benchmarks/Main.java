package dev.mme5.benchmarks;

import dev.mme5.benchmarks.callers.CallersBench;
import dev.mme5.benchmarks.report.BenchCommand;
import dev.mme5.benchmarks.report.FullSize;
import dev.mme5.benchmarks.report.FullSizeRun;
import dev.mme5.benchmarks.report.SharingBench;
import dev.mme5.benchmarks.report.TurnsBench;
import dev.mme5.benchmarks.report.WeightsBench;
import dev.mme5.benchmarks.serve.ServeBench;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine;

/** {@code mme5 bench}. Errors that the user can correct are one line on stderr and exit status 2. */
public final class Main {
    private Main() {}

    /** Runs one command line and exits. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs one command line; returns the exit status. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return new CommandLine(new BenchCommand(out))
                .addSubcommand(new FullSize(out, Main.class))
                .addSubcommand(new FullSizeRun(out))
                .addSubcommand(new ServeBench(out))
                .addSubcommand(new CallersBench(out))
                .addSubcommand(new WeightsBench(out))
                .addSubcommand(new SharingBench(out))
                .addSubcommand(new TurnsBench(System.in, out))
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setUsageHelpWidth(120)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> wrongUse(e, err))
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e, err))
                .execute(args);
    }

    private static int wrongUse(ParameterException e, PrintStream err) {
        err.println("mme5 bench: " + e.getMessage() + " (see mme5 bench --help)");
        return 2;
    }

    private static int failed(Exception e, PrintStream err) {
        boolean correctable = e instanceof IOException || e instanceof UncheckedIOException || e instanceof IllegalArgumentException;
        if (correctable && e.getMessage() != null) {
            err.println("mme5 bench: " + e.getMessage());
        } else {
            e.printStackTrace(err);
        }
        return 2;
    }
}
