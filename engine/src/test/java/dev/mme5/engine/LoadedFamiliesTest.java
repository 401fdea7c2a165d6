package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.EmbedOneText;
import dev.mme5.engine.testing.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model loads the classes of its own family, and no tokenizer but its own. */
class LoadedFamiliesTest {
    private static String classesFor(Golden golden) throws Exception {
        return ClassPathJvm.run(EmbedOneText.class, List.of("-Xlog:class+load"), golden.folder().toAbsolutePath().toString()).out();
    }

    @Test
    void theModelWithImagesLoadsNoEncoder() throws Exception {
        assertThat(classesFor(Golden.read("a-bf16-hub"))).contains("dev.mme5.engine.family.mllama.Mllama ")
                .doesNotContain("dev.mme5.engine.family.encoder").doesNotContain("Unigram").doesNotContain("WordPiece")
                .doesNotContain("OlderUnicode").doesNotContain("BertPreTokenizer");
    }

    @Test
    void anEncoderLoadsNoModelWithImages() throws Exception {
        assertThat(classesFor(Golden.encoder("bert-cls"))).contains("dev.mme5.engine.family.encoder.TextEncoder ")
                .doesNotContain("dev.mme5.engine.family.mllama").doesNotContain("Unigram");
    }
}
