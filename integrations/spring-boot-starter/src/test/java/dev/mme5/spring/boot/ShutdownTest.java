package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.ModelClosedException;
import dev.mme5.spring.ai.Mme5EmbeddingModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    @Test
    void runningCallsEndBeforeTheModelIsClosed() {
        CompletableFuture<List<float[]>> running = new CompletableFuture<>();
        Mme5EmbeddingModel[] model = new Mme5EmbeddingModel[1];
        Runners.text().withPropertyValues("spring.ai.mme5.shutdown-timeout=5m").run(context -> {   // machines may be slow
            model[0] = context.getBean(Mme5EmbeddingModel.class);
            List<String> texts = IntStream.range(0, 12).mapToObj(i -> i + " red apples and an airplane ".repeat(20)).toList();
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    running.complete(model[0].embed(texts));
                } catch (Throwable e) {
                    running.completeExceptionally(e);
                }
            });
            TimeUnit.MILLISECONDS.sleep(100);
            assertThat(caller.isAlive()).isTrue();
        });
        assertThat(running).succeedsWithin(Duration.ofSeconds(10)).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(12);
        assertThatThrownBy(() -> model[0].embed("too late")).isInstanceOf(ModelClosedException.class);
    }
}
