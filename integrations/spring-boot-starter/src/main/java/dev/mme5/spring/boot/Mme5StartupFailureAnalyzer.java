package dev.mme5.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a failed start as description and action. */
final class Mme5StartupFailureAnalyzer extends AbstractFailureAnalyzer<Mme5StartupException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, Mme5StartupException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
