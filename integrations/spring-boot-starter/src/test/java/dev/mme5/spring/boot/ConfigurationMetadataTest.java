package dev.mme5.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConfigurationMetadataTest {
    @Test
    void everyPropertyHasItsDescription() throws IOException {
        String metadata;
        try (InputStream in = Mme5Properties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (RecordComponent component : Mme5Properties.class.getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            int start = metadata.indexOf("\"spring.ai.mme5." + name + "\"");
            assertThat(start).as(name).isPositive();
            assertThat(metadata.substring(start, metadata.indexOf('}', start))).as(name).contains("\"description\"");
        }
        assertThat(metadata).contains("\"spring.ai.model.embedding.multimodal\"");
    }
}
