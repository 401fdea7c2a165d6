package dev.mme5.examples;

import dev.mme5.model.mini.MiniModel;
import dev.mme5.spark.Mme5Embedder;
import dev.mme5.spark.Mme5Functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Embeds the images of a folder with Spark, and finds them by words in SQL. The same program runs on a cluster: spark-submit it. */
public final class SparkSearch {
    private static final String BEST = """
            SELECT path, aggregate(zip_with(embedding, query.vector, (a, b) -> a * b), 0F, (sum, x) -> sum + x) AS cosine
            FROM images, (SELECT mme5_embed('%s') AS vector) AS query
            WHERE embedding IS NOT NULL
            ORDER BY cosine DESC
            LIMIT 3""";

    private SparkSearch() {}

    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().appName("mme5 search").getOrCreate();
        Dataset<Row> files = spark.read().format("binaryFile").option("pathGlobFilter", "*.png").load(args[0]);

        Mme5Embedder embedder = new Mme5Embedder().setModel(MiniModel.folder().toString()).setImageCol("content");
        embedder.transform(files).select("path", "embedding", "error").cache().createOrReplaceTempView("images");
        Mme5Functions.register(spark, embedder);

        for (String words : new String[] {"red apple", "Flugzeug"}) {
            System.out.println(words);
            for (Row row : spark.sql(BEST.formatted(words)).collectAsList()) {
                String path = row.getString(0);
                System.out.printf("  %.3f  %s%n", row.getFloat(1), path.substring(path.lastIndexOf('/') + 1));
            }
        }
        spark.stop();
    }
}
