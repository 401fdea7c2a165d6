package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standalone master and two workers in this JVM, with executors as processes of their own, which Spark starts without flags of mme5. */
class KilledExecutorTest {
    private static final int ROWS = 240;
    private static final int PARTITIONS = 12;

    @TempDir
    Path folder;

    @Test
    void anExecutorThatIsKilledLosesNoRow() {
        SparkSession spark = Sessions.cluster(2);
        try {
            List<String> texts = IntStream.range(0, ROWS).mapToObj(i -> "a green apple and a bicycle ".repeat(1 + i % 5) + i).toList();
            Dataset<Row> rows = Sessions.texts(spark, texts).repartition(PARTITIONS);
            Mme5Embedder embedder = Sessions.embedder().setTextCol("text").setBatchTokens(512);
            String undisturbed = folder.resolve("undisturbed").toString();
            String disturbed = folder.resolve("disturbed").toString();
            embedder.transform(rows).write().parquet(undisturbed);

            Killer killer = new Killer();
            spark.sparkContext().addSparkListener(killer);
            embedder.transform(rows).write().parquet(disturbed);

            assertThat(killer.killed).hasValue(1);
            assertThat(killer.removed).hasValueGreaterThan(0);
            List<Row> expected = spark.read().parquet(undisturbed).orderBy("id").collectAsList();
            List<Row> actual = spark.read().parquet(disturbed).orderBy("id").collectAsList();
            assertThat(expected).hasSize(ROWS);
            assertThat(actual).isEqualTo(expected);
            assertThat(Sessions.floats(actual.get(7), "embedding")).isEqualTo(Sessions.expected(texts.subList(7, 8)).getFirst());
        } finally {
            spark.stop();
        }
    }

    /** Kills an executor's process when a few tasks have written their rows, and others run or wait. */
    private static final class Killer extends SparkListener {
        private static final int EMBEDDING_ENDS = 3;

        final AtomicInteger killed = new AtomicInteger();
        final AtomicInteger removed = new AtomicInteger();
        private int ended;

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskMetrics() == null || end.taskMetrics().outputMetrics().recordsWritten() == 0) return;   // a task of the shuffle
            if (++ended == EMBEDDING_ENDS && executor().map(ProcessHandle::destroyForcibly).orElse(false)) killed.incrementAndGet();
        }

        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
            removed.incrementAndGet();
        }

        private static Optional<ProcessHandle> executor() {
            return ProcessHandle.current().descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .findFirst();
        }
    }
}
