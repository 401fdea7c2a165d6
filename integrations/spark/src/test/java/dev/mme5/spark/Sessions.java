package dev.mme5.spark;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Sessions and rows for tests. */
final class Sessions {
    static final StructType TEXTS = new StructType().add("id", DataTypes.IntegerType).add("text", DataTypes.StringType);

    private static final int SECONDS = 900;

    private Sessions() {}

    /** Two tasks at a time in this JVM. */
    static SparkSession local() {
        return settings(SparkSession.builder().master("local[2]")).getOrCreate();
    }

    /**
     * A standalone master and workers in this JVM, each with an executor of one core, a process that Spark starts without flags of mme5. An
     * executor that dies is noticed at once; the limits are for those that a busy machine does not let run.
     */
    static SparkSession cluster(int workers) {
        makeSparkHome();
        return settings(SparkSession.builder().master("local-cluster[" + workers + ",1,512]"))
                .config("spark.executor.memory", "512m")
                .config("spark.network.timeout", SECONDS + "s")
                .config("spark.worker.timeout", SECONDS)
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")   // else it looks for a build of Spark
                .config("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
                .getOrCreate();
    }

    /** What SPARK_HOME names: empty, so Spark's jars come from a class path. */
    static void makeSparkHome() {
        try {
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SparkSession.Builder settings(SparkSession.Builder builder) {
        return builder.appName("test")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1");
    }

    static Mme5Embedder embedder() {
        return new Mme5Embedder().setModel(MiniModel.folder().toString());
    }

    /** Rows of id and text, numbered from 0. */
    static Dataset<Row> texts(SparkSession spark, List<String> texts) {
        List<Row> rows = new ArrayList<>();
        for (String text : texts) rows.add(RowFactory.create(rows.size(), text));
        return spark.createDataFrame(rows, TEXTS);
    }

    /** Different texts of different lengths. */
    static List<String> words(int count) {
        return IntStream.range(0, count).mapToObj(i -> "red apple ".repeat(1 + i % 7) + i).toList();
    }

    /** What the command computes with --no-special. */
    static List<float[]> expected(List<String> texts) {
        try (EmbeddingModel model = EmbeddingModel.open(MiniModel.folder())) {
            return texts.stream().map(text -> model.embed(Input.literal(text)).values()).toList();
        }
    }

    static float[] floats(Row row, String column) {
        List<Float> values = row.getList(row.fieldIndex(column));
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = values.get(i);
        return floats;
    }
}
