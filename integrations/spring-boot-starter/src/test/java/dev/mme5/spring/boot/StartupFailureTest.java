package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartupFailureTest {
    private static Mme5StartupException cause(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof Mme5StartupException found) return found;
        }
        throw new AssertionError("no Mme5StartupException", failure);
    }

    private static Mme5StartupException failure(String... properties) {
        Mme5StartupException[] found = new Mme5StartupException[1];
        Runners.text().withPropertyValues(properties).run(context -> found[0] = cause(context.getStartupFailure()));
        return found[0];
    }

    @Test
    void missingFolderNamesTheProperty() {
        Mme5StartupException failure = failure("spring.ai.mme5.model=/no/such/folder");
        assertThat(failure).hasMessage("There is no model folder /no/such/folder.");
        assertThat(failure.action()).contains("spring.ai.mme5.model");
    }

    @Test
    void missingCachedModelSaysHowToGetIt() {
        Mme5StartupException failure = failure("spring.ai.mme5.model=no-such-org/no-such-model");
        assertThat(failure).hasMessageContaining("mme5 download no-such-org/no-such-model");
    }

    @Test
    void damagedModelNamesTheFile(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": 7}");
        Mme5StartupException failure = failure("spring.ai.mme5.model=" + folder);
        assertThat(failure).hasMessageContaining("config.json").hasCauseInstanceOf(ModelFormatException.class);
    }

    @Test
    void wrongValueNamesTheProperty() {
        assertThat(failure("spring.ai.mme5.threads=0")).hasMessageContaining("threads is 0");
    }

    @Test
    void bootShowsDescriptionAndAction(CapturedOutput output) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try {
            application.run("--" + Runners.TEXT, "--spring.ai.mme5.model=/no/such/folder");
        } catch (RuntimeException expected) {
            // what is shown counts
        }
        assertThat(output).contains("APPLICATION FAILED TO START").contains("There is no model folder /no/such/folder.")
                .contains("Set spring.ai.mme5.model to the folder of a model").doesNotContain("\tat dev.mme5");
    }

    @EnableAutoConfiguration
    static class Application {}
}
