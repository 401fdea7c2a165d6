package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An encoder of the E5 family in place of the model with images. */
class TextEncoderTest {
    private static final Path FOLDER = Path.of("../../engine/src/test/resources/golden-encoder/models/xlm-roberta-mean");
    private static final List<String> TEXTS = List.of("protein", "the requirement of protein is 46 grams", "<mask> is text", "");

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Mme5Embedder embedder() {
        return new Mme5Embedder().setModel(FOLDER.toString());
    }

    @Test
    void vectorsHaveTheEnginesBits() {
        List<Row> rows = embedder().setTextCol("text").setInstruction("passage: ")
                .transform(Sessions.texts(spark, TEXTS).repartition(3)).orderBy("id").collectAsList();

        try (EmbeddingModel engine = EmbeddingModel.open(FOLDER)) {
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(Sessions.floats(rows.get(i), "embedding"))
                        .isEqualTo(engine.embed(Input.literal("passage: " + TEXTS.get(i))).values());
            }
        }
    }

    @Test
    void imagesAreRefused() {
        Row row = RowFactory.create("../../models/mini/gallery/red-apple.png");
        Dataset<Row> rows = spark.createDataFrame(List.of(row), new StructType().add("file", DataTypes.StringType));

        assertThatThrownBy(() -> embedder().setImageCol("file").setOnError(Mme5Embedder.FAIL).transform(rows).collectAsList())
                .hasStackTraceContaining("the model takes no images, only texts");
    }
}
