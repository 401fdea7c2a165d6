package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.KernelChoice;
import dev.mme5.spring.ai.Mme5EmbeddingModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

/** Runs in a JVM that was started without {@code --add-modules jdk.incubator.vector}. */
@Tag("without-vector-module")
@ExtendWith(OutputCaptureExtension.class)
class WithoutVectorModuleTest {
    @Test
    void requiredModuleStopsTheStartWithAnAction(CapturedOutput output) {
        SpringApplication application = new SpringApplication(StartupFailureTest.Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try {
            application.run("--" + Runners.TEXT, "--spring.ai.mme5.require-vector=true");
        } catch (RuntimeException expected) {
            // what is shown counts
        }
        assertThat(output).contains("APPLICATION FAILED TO START")
                .contains("mme5 needs the JVM option --add-modules jdk.incubator.vector")
                .contains("JDK_JAVA_OPTIONS=\"--add-modules jdk.incubator.vector\"").doesNotContain("\tat dev.mme5");
    }

    @Test
    void otherwiseThereIsOneWarningAndItWorks(CapturedOutput output) {
        Runners.text().withPropertyValues(Runners.MULTIMODAL).run(context -> {
            assertThat(context.getBean(EmbeddingModel.class).kernelChoice()).isEqualTo(KernelChoice.SCALAR);
            assertThat(context.getBean(Mme5EmbeddingModel.class).embed("a cat")).hasSize(192);
        });
        assertThat(StringUtils.countOccurrencesOf(output.toString(), "mme5 runs many times slower")).isEqualTo(1);
        assertThat(StringUtils.countOccurrencesOf(output.toString(), " WARN ")).isEqualTo(1);
    }
}
