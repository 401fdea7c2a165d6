package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Opening, closing, many threads, interrupts. */
@Isolated("counts the threads of all models")
@Timeout(120)
class LifecycleTest {
    private static final Golden GOLDEN = Golden.read("a-bf16-hub");
    private static final Options TWO_THREADS = Options.defaults().withThreads(2);

    @TempDir
    private Path folder;

    @Test
    void closeWaitsForTheCallsThatRun() throws Exception {
        EmbeddingModel model = open();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<List<Embedding>> call = threads.submit(() -> model.embedAll(List.of(Input.text("a"), Input.text("b")), (done, total) -> {
                running.countDown();
                await(mayGoOn);
            }));
            running.await();
            Thread closer = new Thread(model::close);
            closer.start();
            closer.join(200);
            assertThat(closer.isAlive()).as("waiting for the call").isTrue();

            mayGoOn.countDown();

            assertThat(call.get()).hasSize(2);
            closer.join();
            assertClosed(() -> model.embed(Input.text("a")));
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void callsOfAClosedModelFail(Consumer<EmbeddingModel> call) {
        EmbeddingModel model = open();
        model.close();

        assertClosed(() -> call.accept(model));
    }

    private static Stream<Consumer<EmbeddingModel>> calls() {
        Input input = Input.text("a");
        return Stream.of(
                model -> model.embed(input),
                model -> model.embedAll(List.of(input), ProgressListener.NONE),
                model -> model.tryEmbedAll(List.of(input), ProgressListener.NONE),
                model -> model.embedAll(List.of(), ProgressListener.NONE),
                model -> ModelTools.of(model).trace(input, (name, shape, values) -> {}),
                EmbeddingModel::fingerprint);
    }

    @Test
    void closingTwiceIsHarmless() {
        EmbeddingModel model = open();

        model.close();
        model.close();

        assertThat(model.dimensions()).isEqualTo(64);
    }

    @Test
    void aListenerMustNotCloseItsModel() {
        try (EmbeddingModel model = open()) {
            ProgressListener closing = (done, total) -> close(model);
            assertThatThrownBy(() -> model.embedAll(List.of(Input.text("a")), closing))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a model cannot be closed from inside one of its calls");

            assertThat(model.embed(Input.text("a")).tokens()).isEqualTo(2);
        }
    }

    @Test
    void aListenerMayEmbedAndClosingWaitsForThatToo() throws Exception {
        EmbeddingModel model = open();
        AtomicReference<Thread> closer = new AtomicReference<>();

        List<Embedding> inner = new ArrayList<>();
        model.embedAll(List.of(Input.text("a")), (done, total) -> {
            closer.set(new Thread(model::close));
            closer.get().start();
            while (closer.get().getState() != Thread.State.WAITING) Thread.onSpinWait();
            inner.add(model.embed(Input.text("b")));
        });

        assertThat(inner).hasSize(1);
        closer.get().join();
        assertClosed(() -> model.embed(Input.text("a")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingUnmapsTheFilesAndEndsTheThreads() throws Exception {
        ModelCopy.of("a-bf16-hub", folder);
        long threadsBefore = workers();
        EmbeddingModel model = EmbeddingModel.open(folder, TWO_THREADS);
        model.embed(Input.image(Golden.IMAGES.resolve("shapes_2x2.png")));
        assertThat(mappedFiles()).isEqualTo(1);
        assertThat(workers()).isGreaterThan(threadsBefore);

        model.close();

        assertThat(mappedFiles()).isZero();
        for (int i = 0; i < 500 && workers() > threadsBefore; i++) Thread.sleep(10);
        assertThat(workers()).isEqualTo(threadsBefore);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatIsRefusedStaysNeitherMappedNorWithThreads() throws Exception {
        ModelCopy.of("a-bf16-hub", folder).tensors(tensor -> tensor.name().endsWith("model.norm.weight") ? null : tensor);
        long threadsBefore = workers();

        assertThatThrownBy(() -> EmbeddingModel.open(folder, TWO_THREADS)).isInstanceOf(ModelFormatException.class);

        assertThat(mappedFiles()).isZero();
        for (int i = 0; i < 500 && workers() > threadsBefore; i++) Thread.sleep(10);
        assertThat(workers()).isEqualTo(threadsBefore);
    }

    @Test
    void manyThreadsGetTheRightBits() throws Exception {
        List<Golden.Case> cases = GOLDEN.cases().stream().filter(c -> c.ids().length < 100).toList();
        try (EmbeddingModel model = open(); ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Embedding> alone = cases.stream().map(c -> model.embed(c.input())).toList();
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < cases.size(); i++) {
                        int at = (i + first * 7) % cases.size();
                        assertThat(model.embed(cases.get(at).input())).as(cases.get(at).id()).isEqualTo(alone.get(at));
                    }
                }));
            }
            for (Future<?> one : all) one.get();
        }
    }

    @Test
    void anInterruptEndsTheCallSoonAndLeavesTheModelUsable() throws Exception {
        List<Input> work = new ArrayList<>(); // no two alike, because equal beginnings are computed once
        for (int i = 0; i < 10_000; i++) work.add(Input.text(i + " cats and a dog ".repeat(100)));
        try (EmbeddingModel model = open()) {
            Embedding before = model.embed(Input.text("a"));
            CountDownLatch running = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                thrown.set(catchThrowable(() -> model.embedAll(work, (done, total) -> running.countDown())));
                stillInterrupted.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();
            caller.join(10_000);

            assertThat(caller.isAlive()).isFalse();
            assertThat(thrown.get()).isInstanceOf(CancelledException.class);
            assertThat(stillInterrupted.get()).isTrue();
            assertThat(model.embed(Input.text("a"))).isEqualTo(before);
        }
    }

    /** Interrupts often break the reading of files; that must not be reported as an error of the image. */
    @Test
    void interruptIsNotReportedAsDamagedImage() {
        Input image = Input.image(Golden.IMAGES.resolve("noise_1x1.png"));
        try (EmbeddingModel model = open()) {
            for (List<Input> inputs : List.of(List.of(image), List.of(image, image), List.of(Input.text("a"), image))) {
                Thread.currentThread().interrupt();
                Throwable thrown = catchThrowable(() -> model.tryEmbedAll(inputs, ProgressListener.NONE));
                assertThat(Thread.interrupted()).isTrue();
                assertThat(thrown).isInstanceOf(CancelledException.class);
            }
            Thread.currentThread().interrupt();
            Throwable traced = catchThrowable(() -> ModelTools.of(model).trace(image, (name, shape, values) -> {}));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(traced).isInstanceOf(CancelledException.class);
        }
    }

    private static EmbeddingModel open() {
        return EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS);
    }

    private static void close(EmbeddingModel model) {
        model.close();
    }

    private static void assertClosed(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ModelClosedException.class).hasMessage("the model is closed");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long mappedFiles() throws IOException {
        String weights = folder.toRealPath().resolve("model.safetensors").toString();
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> line.endsWith(weights)).count();
    }

    private static long workers() {
        Thread[] threads = new Thread[Thread.activeCount() + 100];
        int count = Thread.enumerate(threads);
        return Arrays.stream(threads, 0, count).filter(thread -> thread.getName().startsWith("mme5-")).count();
    }
}
