package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.testing.Golden;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that share passes, are cancelled, or find the model busy or closed. */
@Timeout(300)
class ManyCallersTest {
    private static final Golden GOLDEN = Golden.read("a-bf16-hub");
    private static final Options TWO_THREADS = Options.defaults().withThreads(2);
    private static final Input LONG = Input.text("a cat and a dog ".repeat(2000));

    @Test
    void callsThatSharePassesHaveTheBitsOfThoseAlone() {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 20; i++) inputs.add(Input.text("text number " + i + " of some"));
        for (int i = 0; i < 4; i++) {
            ImageSource image = ImageSource.of(Golden.IMAGES.resolve(i % 2 == 0 ? "shapes_2x2.png" : "noise_1x1.png"));
            inputs.add(Input.images(List.of(image), "question number " + i + "\n"));
        }
        try (EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS)) {
            List<Embedding> right = inputs.stream().map(model::embed).toList();
            ModelStatistics before = model.statistics();
            CompletableFuture<Embedding> first = model.embedAsync(LONG); // the others wait for its pass
            awaitPass(model);
            List<CompletableFuture<Embedding>> calls = inputs.stream().map(model::embedAsync).toList();

            for (int i = 0; i < right.size(); i++) assertThat(calls.get(i).join()).isEqualTo(right.get(i));
            first.join();
            ModelStatistics after = model.statistics();
            assertThat(after.inputs() - before.inputs()).isEqualTo(25);
            assertThat(after.passes() - before.passes()).isBetween(2L, 20L);
            assertThat(after.waiting()).isPositive();
            assertThat(after.bytesLimit()).isPositive().isGreaterThanOrEqualTo(after.bytesReserved());
        }
    }

    @Test
    void cancellingAFutureEndsItsPass() throws Exception {
        try (EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS)) {
            Embedding right = model.embed(Input.text("a"));
            CompletableFuture<Embedding> running = model.embedAsync(Input.text("1".repeat(20_000)));
            awaitPass(model);
            CompletableFuture<Embedding> waiting = model.embedAsync(Input.text("b")).orTimeout(1, TimeUnit.MILLISECONDS);
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(TimeoutException.class);
            running.cancel(true);

            assertThat(model.embed(Input.text("a"))).isEqualTo(right);
            assertThat(running).isCancelled();
            awaitIdle(model);
        }
    }

    @Test
    void aFutureFailsAsTheCallDoes() {
        EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS);
        try (model) {
            CompletableFuture<Embedding> refused = model.embedAsync(Input.image(Golden.IMAGES.resolve("there is none.png")));
            assertThatThrownBy(refused::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(InputException.class);
        }
        assertThatThrownBy(() -> model.embedAsync(Input.text("a")).join()).hasCauseInstanceOf(ModelClosedException.class);
        assertThatThrownBy(() -> model.embedAsync(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aCallThatWouldWaitTooLongFindsTheModelBusy() {
        Options options = TWO_THREADS.withMaxWait(Duration.ofMillis(20)).withMaxWaiting(1);
        try (EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), options)) {
            CompletableFuture<Embedding> running = model.embedAsync(Input.text("1".repeat(60_000)));
            awaitPass(model);

            assertThatThrownBy(() -> model.embed(Input.text("a"))).isInstanceOfSatisfying(
                    BusyException.class, busy -> assertThat(busy.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(20)));
            running.cancel(true);
            awaitIdle(model);
            assertThat(model.embed(Input.text("a")).tokens()).isEqualTo(2);
        }
    }

    /** Each pass of the batch waits for one of the other caller's: none too long, but all together. */
    @Test
    void theLimitOfWaitingIsOneForAWholeCall() throws Exception {
        Duration limit = Duration.ofMillis(500);
        Input passOfItsOwn = Input.text("a cat and a dog ".repeat(150));
        try (EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS.withMaxWait(limit))) {
            List<CompletableFuture<Embedding>> others = new ArrayList<>();
            for (int i = 0; i < 2; i++) others.add(CompletableFuture.supplyAsync(() -> {
                while (true) {
                    try {
                        model.embed(passOfItsOwn);
                    } catch (BusyException busy) {
                        // they have the same limit
                    }
                }
            }, Thread.ofPlatform().daemon()::start));
            awaitPass(model);

            List<Input> manyPasses = IntStream.range(0, 10_000).mapToObj(i -> Input.text(i + " a cat and a dog".repeat(150))).toList();
            assertThatThrownBy(() -> model.embedAll(manyPasses)).isInstanceOfSatisfying(
                    BusyException.class, busy -> assertThat(busy.waited()).isGreaterThanOrEqualTo(limit));
            model.close(Duration.ZERO);
            for (CompletableFuture<Embedding> other : others) assertThatThrownBy(other::get).hasCauseInstanceOf(ModelClosedException.class);
        }
    }

    @Test
    void closingWithALimitEndsTheCallsThatRunAndWait() throws Exception {
        EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS);
        CompletableFuture<Embedding> running = model.embedAsync(Input.text("1".repeat(20_000)));
        awaitPass(model);
        CompletableFuture<Embedding> waiting = model.embedAsync(Input.text("a"));
        CountDownLatch started = new CountDownLatch(1);
        Future<?> batch = CompletableFuture.runAsync(() -> {
            started.countDown();
            model.embedAll(IntStream.range(0, 1000).mapToObj(i -> Input.text(i + " a cat and a dog".repeat(2000))).toList());
        }, Thread.ofVirtual()::start);
        started.await();

        model.close(Duration.ofMillis(10));

        assertThatThrownBy(running::join).hasCauseInstanceOf(ModelClosedException.class);
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(ModelClosedException.class);
        assertThatThrownBy(batch::get).hasCauseInstanceOf(ModelClosedException.class);
        model.close(Duration.ofDays(1_000_000_000));
        model.close();
    }

    /** Waits until a call has memory: then it is in its pass, or about to be. */
    private static void awaitPass(EmbeddingModel model) {
        while (model.statistics().bytesReserved() == 0) sleep(1);
        sleep(5);
    }

    private static void awaitIdle(EmbeddingModel model) {
        while (model.statistics().waitingCalls() > 0 || model.statistics().bytesReserved() > 0) sleep(1);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
