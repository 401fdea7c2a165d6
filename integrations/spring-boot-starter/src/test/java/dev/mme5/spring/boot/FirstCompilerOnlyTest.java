package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

/** Runs in a JVM with {@code -XX:TieredStopAtLevel=1}, as spring-boot:run starts one by default. */
@Tag("first-compiler-only")
@ExtendWith(OutputCaptureExtension.class)
class FirstCompilerOnlyTest {
    @Test
    void oneWarningNamesTheSettingOfTheMavenPlugin(CapturedOutput output) {
        Runners.text().withPropertyValues(Runners.MULTIMODAL).run(context -> assertThat(context).hasNotFailed());
        assertThat(StringUtils.countOccurrencesOf(output.toString(), "spring-boot.run.optimizedLaunch=false")).isEqualTo(1);
    }
}
