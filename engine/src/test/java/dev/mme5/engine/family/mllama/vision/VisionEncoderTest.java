package dev.mme5.engine.family.mllama.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.Checkpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the encoder keeps of its layers, on a fixture whose image has two real tiles and two absent ones. */
class VisionEncoderTest {
    private static final Path FOLDER = Golden.read("a-bf16-hub").folder();

    private final VisionConfig config = MllamaConfig.read(FOLDER).vision();
    private final TiledImage image = new MllamaImageProcessor(
            MllamaImageProcessorConfig.read(FOLDER.resolve("preprocessor_config.json"), config.tileGrids()))
            .process(new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false).decode(Golden.IMAGES.resolve("shapes_2x2.png")));

    private final Map<String, Matrix> stages = new HashMap<>();

    private VisionFeatures forward(boolean withAbsentTiles, Trace trace) {
        try (Checkpoint checkpoint = Checkpoint.open(FOLDER, MllamaTensorNames.INSTANCE)) {
            VisionEncoder encoder = VisionEncoder.load(checkpoint.weights().at("vision_model"), config, new ReferenceKernels());
            return encoder.forward(image, withAbsentTiles, trace);
        }
    }

    private void keep(String name, Supplier<Matrix> value, long... shape) {
        Matrix x = value.get();
        stages.put(name, new Matrix(x.toArray(), 0, x.rows(), x.cols()));
    }

    /** The state kept for index i is the INPUT of layer i: the output of layer i - 1, or of the embedding for 0. */
    @Test
    void intermediateFeaturesAreTheInputsOfTheirLayers() {
        Matrix features = forward(true, this::keep).rows();

        List<Integer> kept = config.intermediateLayers();
        assertThat(kept).isNotEmpty();
        for (int k = 0; k < kept.size(); k++) {
            int layer = kept.get(k);
            assertThat(layer).as("the fixture keeps no input of layer 0").isPositive();
            Matrix input = stages.get("vision.transformer." + (layer - 1));
            for (int row = 0; row < image.grid().tiles() * config.tileTokens(); row++) {
                int source = row / config.tileTokens() * config.paddedTileTokens() + row % config.tileTokens();
                for (int f = 0; f < config.hidden(); f++) {
                    float feature = features.at(row, config.hidden() + f * kept.size() + k);
                    assertThat(feature).as("layer %d, row %d, feature %d", layer, row, f).isEqualTo(input.at(source, f));
                }
            }
        }
    }

    @Test
    void theFirstFeaturesAreTheLastGlobalLayers() {
        Matrix features = forward(true, this::keep).rows();

        Matrix last = stages.get("vision.global_transformer." + (config.globalLayers() - 1));
        for (int f = 0; f < config.hidden(); f++) assertThat(features.at(0, f)).isEqualTo(last.at(0, f));
    }

    @Test
    void absentTilesChangeNoFeatureOfRealOnesAndAreLeftOutUnlessAskedFor() {
        VisionFeatures real = forward(false, Trace.NONE);
        VisionFeatures all = forward(true, Trace.NONE);

        assertThat(real.rows().rows()).isEqualTo(real.realRows()).isEqualTo(image.grid().tiles() * config.tileTokens());
        assertThat(all.realRows()).isEqualTo(real.realRows());
        assertThat(all.rows().rows(0, all.realRows()).toArray()).isEqualTo(real.rows().toArray());
        assertThat(all.multiplicities()).hasSize(all.rows().rows());
    }
}
