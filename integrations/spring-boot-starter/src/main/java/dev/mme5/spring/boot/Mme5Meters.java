package dev.mme5.spring.boot;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ModelStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Meters of the engine itself: its queue, its memory, its work. Requests are observed by Spring AI's conventions. */
final class Mme5Meters implements MeterBinder {
    private final EmbeddingModel engine;

    Mme5Meters(EmbeddingModel engine) {
        this.engine = engine;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "mme5.calls.waiting", "calls", "Calls that wait for memory or for a pass", ModelStatistics::waitingCalls);
        gauge(registry, "mme5.memory.reserved", "bytes", "Heap in use by calls, passes and cached image states",
                ModelStatistics::bytesReserved);
        gauge(registry, "mme5.memory.limit", "bytes", "Heap that these may use together", ModelStatistics::bytesLimit);
        counter(registry, "mme5.inputs", "inputs", "Inputs embedded", ModelStatistics::inputs);
        counter(registry, "mme5.tokens", "tokens", "Tokens computed", ModelStatistics::tokensComputed);
        counter(registry, "mme5.tokens.shared", "tokens", "Tokens of equal beginnings or texts, not computed again",
                ModelStatistics::tokensShared);
        counter(registry, "mme5.tokens.cached", "tokens", "Of the shared tokens, those kept from an earlier pass",
                ModelStatistics::tokensCached);
        counter(registry, "mme5.images", "images", "Images computed, not found in the cache", ModelStatistics::images);
        counter(registry, "mme5.passes", "passes", "Passes through the network", ModelStatistics::passes);
        seconds(registry, "mme5.computing", "Time of passes", statistics -> statistics.computing().toNanos());
        seconds(registry, "mme5.waiting", "Time that calls have waited", statistics -> statistics.waiting().toNanos());
    }

    private void gauge(MeterRegistry registry, String name, String unit, String description, ToDoubleFunction<ModelStatistics> value) {
        Gauge.builder(name, engine, model -> value.applyAsDouble(model.statistics())).baseUnit(unit).description(description)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String unit, String description, ToDoubleFunction<ModelStatistics> value) {
        FunctionCounter.builder(name, engine, model -> value.applyAsDouble(model.statistics())).baseUnit(unit).description(description)
                .register(registry);
    }

    private void seconds(MeterRegistry registry, String name, String description, ToDoubleFunction<ModelStatistics> nanos) {
        TimeGauge.builder(name, engine, TimeUnit.NANOSECONDS, model -> nanos.applyAsDouble(model.statistics())).description(description)
                .register(registry);
    }
}
