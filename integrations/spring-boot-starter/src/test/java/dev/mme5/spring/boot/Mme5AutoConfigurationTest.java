package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.model.mini.MiniModel;
import dev.mme5.spring.ai.Mme5DocumentEmbeddingModel;
import dev.mme5.spring.ai.Mme5EmbeddingModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.DocumentEmbeddingModel;
import org.springframework.ai.embedding.DocumentEmbeddingRequest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class Mme5AutoConfigurationTest {
    @Test
    void nothingIsConfiguredUnlessChosen() {
        Runners.plain().run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class).doesNotHaveBean(Mme5EmbeddingModel.class));
        Runners.plain().withPropertyValues("spring.ai.model.embedding.text=openai", "spring.ai.model.embedding.multimodal=vertexai")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
    }

    @Test
    void textGivesTheTextModelOnly() {
        Runners.text().run(context -> {
            assertThat(context).hasSingleBean(org.springframework.ai.embedding.EmbeddingModel.class)
                    .hasSingleBean(Mme5EmbeddingModel.class).doesNotHaveBean(DocumentEmbeddingModel.class);
            float[] expected = context.getBean(EmbeddingModel.class).embed(Input.text("a cat")).values();
            assertThat(context.getBean(Mme5EmbeddingModel.class).embed("a cat")).isEqualTo(expected);
        });
    }

    @Test
    void theShorterPropertyChoosesTextToo() {
        Runners.plain().withPropertyValues("spring.ai.model.embedding=mme5")
                .run(context -> assertThat(context).hasSingleBean(Mme5EmbeddingModel.class));
    }

    @Test
    void multimodalGivesTheDocumentModelOnly() {
        Runners.plain().withPropertyValues(Runners.MULTIMODAL).run(context -> {
            assertThat(context).hasSingleBean(Mme5DocumentEmbeddingModel.class).doesNotHaveBean(Mme5EmbeddingModel.class);
            DocumentEmbeddingRequest request = new DocumentEmbeddingRequest(new Document("a cat"));
            assertThat(context.getBean(DocumentEmbeddingModel.class).call(request).getResult().getOutput()).hasSize(192);
        });
    }

    @Test
    void bothShareOneEngine() {
        Runners.text().withPropertyValues(Runners.MULTIMODAL).run(context -> assertThat(context).hasSingleBean(EmbeddingModel.class)
                .hasSingleBean(Mme5EmbeddingModel.class).hasSingleBean(Mme5DocumentEmbeddingModel.class));
    }

    @Test
    void propertiesReachTheEngine() {
        Runners.text().withPropertyValues("spring.ai.mme5.model=" + MiniModel.folder(), "spring.ai.mme5.threads=1",
                "spring.ai.mme5.max-tokens=30", "spring.ai.mme5.refuse-too-long=true", "spring.ai.mme5.max-pixels=1000",
                "spring.ai.mme5.apply-exif=true", "spring.ai.mme5.image-cache=1MB", "spring.ai.mme5.prefix-cache=2MB",
                "spring.ai.mme5.drop-duplicate-bos=true",
                "spring.ai.mme5.verify=true", "spring.ai.mme5.require-vector=true", "spring.ai.mme5.max-wait=2s",
                "spring.ai.mme5.max-waiting=7", "spring.ai.mme5.warm-up=true").run(context -> {
                    Options options = context.getBean(EmbeddingModel.class).options();
                    assertThat(options.threads()).isEqualTo(1);
                    assertThat(options.maxTokens()).isEqualTo(30);
                    assertThat(options.refuseTooLong()).isTrue();
                    assertThat(options.maxPixels()).isEqualTo(1000);
                    assertThat(options.applyExif()).isTrue();
                    assertThat(options.dropDuplicateBos()).isTrue();
                    assertThat(options.imageCacheBytes()).isEqualTo(1 << 20);
                    assertThat(options.prefixCacheBytes()).isEqualTo(2 << 20);
                    assertThat(options.verify()).isTrue();
                    assertThat(options.maxWait()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(options.maxWaiting()).isEqualTo(7);
                });
    }

    @Test
    void propertiesReachTheModels() {
        Path gallery = Path.of("../../models/mini/gallery").toAbsolutePath();
        Runners.text().withPropertyValues("spring.ai.mme5.dimensions=64", "spring.ai.mme5.query-instruction=query: {text}",
                "spring.ai.mme5.document-instruction=passage: {text}", "spring.ai.mme5.metadata-mode=embed",
                "spring.ai.mme5.image-folders=" + gallery).run(context -> {
                    Mme5EmbeddingModel model = context.getBean(Mme5EmbeddingModel.class);
                    EmbeddingModel engine = context.getBean(EmbeddingModel.class);
                    assertThat(model.dimensions()).isEqualTo(64);
                    assertThat(model.embed("cat")).isEqualTo(engine.embed(Input.text("query: cat")).cut(64).values());
                    assertThat(model.embed(new Document("cat"))).isEqualTo(engine.embed(Input.text("passage: cat")).cut(64).values());
                    assertThat(model.embed(new Document("", Map.of("mme5_image", "bat.png"))))
                            .isEqualTo(engine.embed(Input.image(gallery.resolve("bat.png"))).cut(64).values());
                    assertThat(model.getEmbeddingContent(new Document("cat", Map.of("colour", "red")))).contains("red");
                });
    }

    @Test
    void beansOfTheApplicationComeFirst() {
        Runners.text().withUserConfiguration(OwnEngine.class).run(context -> {
            assertThat(context).hasSingleBean(EmbeddingModel.class);
            assertThat(context.getBean(EmbeddingModel.class).options().threads()).isEqualTo(1);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnEngine {
        @Bean
        EmbeddingModel own() {
            return EmbeddingModel.open(MiniModel.folder(), Options.defaults().withThreads(1));
        }
    }

    @Test
    void withTheFlagThereIsNoWarning(CapturedOutput output) {
        Runners.text().run(context -> assertThat(context.getBean(EmbeddingModel.class).kernels()).startsWith("vector"));
        assertThat(output).doesNotContain("jdk.incubator.vector").doesNotContain("TieredStopAtLevel");
    }
}
