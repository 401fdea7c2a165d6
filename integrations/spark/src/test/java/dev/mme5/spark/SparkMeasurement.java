package dev.mme5.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Rows a second with 1 and 2 executors of one core each: the table of docs/SPARK.md. Run by hand, on a quiet machine with two cores. */
final class SparkMeasurement {
    private static final int ROWS = 5_000;
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 3;

    private SparkMeasurement() {}

    /** @param args rows, if not as many as for the table */
    public static void main(String[] args) {
        int count = args.length == 0 ? ROWS : Integer.parseInt(args[0]);
        // The numbers come first: equal beginnings would be computed once.
        List<String> texts = IntStream.range(0, count).mapToObj(i -> i + " green apples and a bicycle".repeat(1 + i % 5)).toList();
        for (int executors : new int[] {1, 2}) {
            SparkSession spark = Sessions.cluster(executors);
            try {
                Dataset<Row> rows = Sessions.texts(spark, texts).repartition(20).cache();
                for (int round = 0; round < WARM_UP; round++) embed(rows, count);   // opens the models; their kernels are compiled
                for (int round = 0; round < ROUNDS; round++) {
                    long start = System.nanoTime();
                    embed(rows, count);
                    double seconds = (System.nanoTime() - start) / 1e9;
                    System.out.printf("%d executors: %.1f s, %.0f rows/s%n", executors, seconds, count / seconds);
                }
            } finally {
                spark.stop();
            }
        }
    }

    private static void embed(Dataset<Row> rows, int count) {
        long embedded = Sessions.embedder().setTextCol("text").transform(rows).where(functions.col("embedding").isNotNull()).count();
        if (embedded != count) throw new IllegalStateException(embedded + " rows have vectors, expected " + count);
    }
}
