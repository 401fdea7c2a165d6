package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.model.mini.MiniModel;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mme5EmbedderTest {
    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void vectorsHaveTheEnginesBitsWhateverThePartitioning() {
        List<String> texts = Sessions.words(60);
        List<float[]> expected = Sessions.expected(texts);

        for (int partitions : new int[] {1, 3, 8}) {
            for (int batchTokens : new int[] {1, 16_384}) {
                List<Row> rows = Sessions.embedder()
                        .setTextCol("text")
                        .setBatchTokens(batchTokens)
                        .transform(Sessions.texts(spark, texts).repartition(partitions))
                        .orderBy("id")
                        .collectAsList();

                assertThat(rows).hasSize(texts.size());
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(rows.get(i).getInt(0)).isEqualTo(i);
                    assertThat(rows.get(i).getString(1)).isEqualTo(texts.get(i));
                    assertThat(Sessions.floats(rows.get(i), "embedding")).isEqualTo(expected.get(i));
                    assertThat(rows.get(i).isNullAt(3)).isTrue();
                }
            }
        }
    }

    @Test
    void imagesMayBeBytesOrPathsOrSparksStructs() throws IOException {
        Path file = image("red.png", Color.RED);
        float[] expected;
        try (EmbeddingModel model = EmbeddingModel.open(MiniModel.folder())) {
            expected = model.embed(Input.image(file)).values();
        }
        Dataset<Row> files = spark.read().format("binaryFile").load(file.toString()).select("path", "content");
        Dataset<Row> decoded = spark.read().format("image").load(file.toString());

        assertThat(vector(files, "content")).isEqualTo(expected);
        assertThat(vector(files, "path")).isEqualTo(expected);
        assertThat(vector(decoded, "image")).isEqualTo(expected);
    }

    @Test
    void aTextAndAnImageAreOneInput() throws IOException {
        Path file = image("blue.png", Color.BLUE);
        float[] expected;
        try (EmbeddingModel model = EmbeddingModel.open(MiniModel.folder())) {
            expected = model.embed(Input.images(List.of(ImageSource.of(file)), "Find: a blue thing\n")).values();
        }
        Dataset<Row> rows = spark.createDataFrame(List.of(RowFactory.create(file.toString(), "a blue thing")),
                new StructType().add("file", DataTypes.StringType).add("words", DataTypes.StringType));

        Row row = Sessions.embedder().setImageCol("file").setTextCol("words").setInstruction("Find: {text}\n").transform(rows).first();

        assertThat(Sessions.floats(row, "embedding")).isEqualTo(expected);
    }

    @Test
    void rowsThatFailHaveTheirErrorAndTheOthersTheirVector() throws IOException {
        Path good = image("good.png", Color.GREEN);
        Path damaged = Files.write(folder.resolve("damaged.png"), Arrays.copyOf(Files.readAllBytes(good), 60));
        String missing = folder.resolve("missing.png").toString();
        Dataset<Row> rows = files(good.toString(), damaged.toString(), missing, null).repartition(1);

        List<Row> embedded = Sessions.embedder().setImageCol("file").setErrorCol("why").transform(rows).orderBy("id").collectAsList();

        assertThat(embedded).extracting(row -> row.isNullAt(2)).containsExactly(false, true, true, true);
        assertThat(embedded.get(0).isNullAt(3)).isTrue();
        assertThat(embedded.get(1).getString(3)).contains("damaged.png");
        assertThat(embedded.get(2).getString(3)).isEqualTo(missing + ": no such file");
        assertThat(embedded.get(3).getString(3)).isEqualTo("the row has no text and no image");
    }

    @Test
    void aRowThatFailsMayFailTheJob() {
        Dataset<Row> rows = files("/nowhere/cat.png");
        Mme5Embedder embedder = Sessions.embedder().setImageCol("file").setOnError(Mme5Embedder.FAIL);

        assertThat(embedder.transformSchema(rows.schema()).fieldNames()).containsExactly("id", "file", "embedding");
        assertThatThrownBy(() -> embedder.transform(rows).collectAsList()).hasStackTraceContaining("/nowhere/cat.png: no such file");
    }

    @Test
    void vectorsMayBeCutOrBits() {
        Embedding expected = Embedding.of(Sessions.expected(List.of("red apple")).getFirst());
        Dataset<Row> rows = Sessions.texts(spark, List.of("red apple"));

        Row cut = Sessions.embedder().setTextCol("text").setDimensions(16).transform(rows).first();
        Row bits = Sessions.embedder().setTextCol("text").setPrecision("ubinary").setOutputCol("bits").transform(rows).first();

        assertThat(Sessions.floats(cut, "embedding")).isEqualTo(expected.cut(16).values());
        assertThat(bits.<byte[]>getAs("bits")).isEqualTo(QuantizedEmbedding.ubinary(expected).bytes());
    }

    @Test
    void aPipelineIsReadBackAsItWasWritten() throws IOException {
        Mme5Embedder embedder = Sessions.embedder().setTextCol("text").setDimensions(8).setOutputCol("v").setInstruction("query: ");
        Dataset<Row> rows = Sessions.texts(spark, List.of("red apple"));
        String path = folder.resolve("pipeline").toString();
        new Pipeline().setStages(new PipelineStage[] {embedder}).fit(rows).write().save(path);

        Mme5Embedder read = (Mme5Embedder) PipelineModel.load(path).stages()[0];

        assertThat(read.uid()).isEqualTo(embedder.uid());
        assertThat(read.settings()).isEqualTo(embedder.settings());
        assertThat(read.copy(new ParamMap()).settings()).isEqualTo(embedder.settings());
        assertThat(Sessions.floats(read.transform(rows).first(), "v")).hasSize(8);
    }

    @Test
    void tasksShareOneModelThatComputesEqualTextsOnce() {
        Dataset<Row> rows = Sessions.texts(spark, Collections.nCopies(400, "the same text")).repartition(4);
        Mme5Embedder embedder = Sessions.embedder().setTextCol("text").setMaxTokens(33);   // options of its own: a model of its own
        int before = SharedModels.ofThisJvm().openings();

        assertThat(embedder.transform(rows).where(functions.col("embedding").isNotNull()).count()).isEqualTo(400);

        assertThat(SharedModels.ofThisJvm().openings()).isEqualTo(before + 1);
        EmbeddingModel model = SharedModels.ofThisJvm().get(embedder.settings().model());
        assertThat(model.statistics().inputs()).isEqualTo(4);   // one for each partition
    }

    @Test
    void theSqlFunctionEmbedsTexts() {
        Mme5Functions.register(spark, Sessions.embedder());
        Sessions.texts(spark, Arrays.asList("red apple", null)).createOrReplaceTempView("texts");

        List<Row> rows = spark.sql("SELECT id, mme5_embed(text) AS v FROM texts ORDER BY id").collectAsList();

        assertThat(Sessions.floats(rows.get(0), "v")).isEqualTo(Sessions.expected(List.of("red apple")).getFirst());
        assertThat(rows.get(1).isNullAt(1)).isTrue();
    }

    @Test
    void wrongColumnsAreRefusedBeforeTheJob() {
        StructType texts = Sessions.TEXTS;

        assertThatThrownBy(() -> Sessions.embedder().transformSchema(texts)).hasMessageStartingWith("textCol and imageCol are not set");
        assertThatThrownBy(() -> Sessions.embedder().setTextCol("txt").transformSchema(texts))
                .hasMessage("no column txt; there are id, text");
        assertThatThrownBy(() -> Sessions.embedder().setTextCol("id").transformSchema(texts))
                .hasMessage("column id: expected string, found int");
        assertThatThrownBy(() -> Sessions.embedder().setTextCol("text").setErrorCol("id").transformSchema(texts))
                .hasMessageStartingWith("there is a column id already");
        assertThatThrownBy(() -> new Mme5Embedder().setTextCol("text").transformSchema(texts)).hasMessageStartingWith("model is not set");
    }

    @Test
    void aModelIsFoundByItsNameInTheHubsCache() throws IOException {
        HubCache.fill();

        Row row = Sessions.embedder().setModel(HubCache.NAME).setTextCol("text").transform(Sessions.texts(spark, List.of("a"))).first();

        assertThat(Sessions.floats(row, "embedding")).isEqualTo(Sessions.expected(List.of("a")).getFirst());
    }

    @Test
    void aModelThatIsNotThereSaysSo() {
        Mme5Embedder embedder = new Mme5Embedder().setModel("/nowhere/model").setTextCol("text");

        assertThatThrownBy(() -> embedder.transform(Sessions.texts(spark, List.of("a"))).collectAsList())
                .hasStackTraceContaining("An executor has no model folder /nowhere/model; each needs it at this path");
        assertThatThrownBy(() -> embedder.setModel("no/such-model").transform(Sessions.texts(spark, List.of("a"))).collectAsList())
                .hasStackTraceContaining("An executor has no model folder no/such-model, and no/such-model is not in ");
    }

    private Path image(String name, Color color) throws IOException {
        BufferedImage image = new BufferedImage(70, 50, BufferedImage.TYPE_INT_RGB);
        for (int x = 5; x < 40; x++) {
            for (int y = 5; y < 20; y++) image.setRGB(x, y, color.getRGB());
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static Dataset<Row> files(String... files) {
        return Sessions.texts(spark, Arrays.asList(files)).withColumnRenamed("text", "file");
    }

    private static float[] vector(Dataset<Row> rows, String column) {
        return Sessions.floats(Sessions.embedder().setImageCol(column).transform(rows).first(), "embedding");
    }
}
