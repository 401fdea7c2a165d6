package dev.mme5.engine.testing;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs tests from the class path, on a Java that Maven does not run on. */
public final class TestRun {
    private TestRun() {}

    /**
     * Prints counts and failures; the status is 1 if any test fails, or if there is none. A container is a class, or a method with
     * parameters: if it is skipped, its tests may be unknown and so not counted.
     *
     * @param args a tag that tests must have ({@code ALL}: any or none), a regular expression of classes' full names, packages...
     */
    public static void main(String[] args) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(args).skip(2).map(name -> selectPackage(name)).toList())
                .filters(includeClassNamePatterns(args[1]))
                .configurationParameter("junit.jupiter.execution.timeout.default", "20 m"); // as pom.xml: a test that hangs must end
        if (!args[0].equals("ALL")) request.filters(TagFilter.includeTags(args[0]));
        TestExecutionSummary summary = run(request.build());
        summary.printFailuresTo(new PrintWriter(System.out, true), 12);
        System.out.printf("%d tests: %d passed, %d failed, %d skipped; %d containers skipped%n", summary.getTestsFoundCount(),
                summary.getTestsSucceededCount(), summary.getTotalFailureCount(),
                summary.getTestsSkippedCount() + summary.getTestsAbortedCount(),
                summary.getContainersSkippedCount() + summary.getContainersAbortedCount());
        System.exit(summary.getTotalFailureCount() > 0 || summary.getTestsSucceededCount() == 0 ? 1 : 0);
    }

    private static TestExecutionSummary run(LauncherDiscoveryRequest request) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }
}
