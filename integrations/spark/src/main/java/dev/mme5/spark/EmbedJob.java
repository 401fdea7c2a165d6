package dev.mme5.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The main class for spark-submit: embeds the rows of Parquet or JSON lines, or the images of a folder, and writes Parquet.
 *
 * <pre>
 * spark-submit --class dev.mme5.spark.EmbedJob --jars ... mme5-spark.jar --model /models/mmE5 --input in.parquet --text-col text --output out
 * </pre>
 *
 * The output must not exist, or {@code --overwrite} replaces it. Spark commits a task's rows once, so none is twice or missing.
 */
public final class EmbedJob {
    private static final String IMAGE_FILES = "(?i).*\\.(png|jpe?g|gif|bmp|tiff?|webp|ico|p[bgpn]m|pcx|qoi|tga)$";

    private EmbedJob() {}

    /** Runs the job in the session of spark-submit; prints how many rows failed. Exit status 2 for wrong arguments, as the command's. */
    public static void main(String[] args) {
        EmbedJobArguments arguments;
        try {
            arguments = EmbedJobArguments.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("mme5: " + e.getMessage());
            System.err.println(EmbedJobArguments.USAGE);
            System.exit(2);
            return;
        }
        SparkSession spark = SparkSession.builder().appName("mme5 embed").getOrCreate();
        try {
            System.out.println(run(spark, arguments));
        } finally {
            spark.stop();
        }
    }

    /** Embeds and writes; a line for people about it. */
    static String run(SparkSession spark, EmbedJobArguments arguments) {
        Dataset<Row> rows = switch (arguments.format()) {
            case PARQUET -> spark.read().parquet(arguments.input());
            case JSONL -> spark.read().json(arguments.input());
            case IMAGES -> spark.read()
                    .format("binaryFile")
                    .option("recursiveFileLookup", "true")
                    .load(arguments.input())
                    .where(functions.col("path").rlike(IMAGE_FILES));
        };
        if (arguments.partitions() > 0) rows = rows.repartition(arguments.partitions());
        Dataset<Row> embedded = arguments.embedder().transform(rows);
        if (arguments.format() == EmbedJobArguments.Format.IMAGES) embedded = embedded.drop("content", "modificationTime", "length");
        embedded.write().mode(arguments.overwrites() ? "overwrite" : "errorifexists").parquet(arguments.output());

        Dataset<Row> written = spark.read().parquet(arguments.output());
        long count = written.count();
        long failed = written.where(functions.col(arguments.outputCol()).isNull()).count();
        return count + " rows, " + failed + " failed: " + arguments.output();
    }
}
