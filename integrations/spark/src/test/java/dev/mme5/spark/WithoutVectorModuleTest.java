package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("without-vector-module")
class WithoutVectorModuleTest {
    @Test
    void anExecutorWithoutTheVectorModuleRefusesAndSaysWhatToSet() {
        EmbedSettings settings = Sessions.embedder().settings();

        assertThatThrownBy(() -> SharedModels.ofThisJvm().get(settings.model()))
                .isInstanceOf(SparkEmbeddingException.class)
                .hasMessageContaining("lacks the module jdk.incubator.vector")
                .hasMessageContaining("spark.executor.extraJavaOptions");
    }

    @Test
    void withoutRequireVectorItRuns() {
        EmbedSettings settings = Sessions.embedder().setRequireVector(false).settings();

        assertThat(SharedModels.ofThisJvm().get(settings.model()).dimensions()).isPositive();
        SharedModels.ofThisJvm().closeAll();
    }
}
