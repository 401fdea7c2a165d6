package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.model.mini.MiniModel;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import py4j.Gateway;
import py4j.ReturnObject;

/** The calls of docs/SPARK.md in Python, as Py4J makes them for PySpark: it finds methods by name and by the types of the arguments. */
class PythonCallsTest {
    private static SparkSession spark;

    private final Gateway gateway = new Gateway(null);

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private Object call(String method, Object target, Object... arguments) {
        String id = target instanceof Class<?> type ? "z:" + type.getName() : gateway.putNewObject(target);
        return result(gateway.invoke(method, id, List.of(arguments)));
    }

    private Object result(ReturnObject returned) {
        return returned.getName() == null ? null : gateway.getObject(returned.getName());
    }

    @Test
    void theStageTransformsAFrameOfPython() {
        Dataset<Row> frame = Sessions.texts(spark, List.of("red apple"));

        Object made = result(gateway.invoke("dev.mme5.spark.Mme5Embedder", List.of()));
        Object embedder = call("setTextCol", call("setModel", made, MiniModel.folder().toString()), "text");
        Dataset<?> vectors = (Dataset<?>) call("transform", embedder, frame);

        assertThat(Sessions.floats((Row) vectors.first(), "embedding")).isEqualTo(Sessions.expected(List.of("red apple")).getFirst());
    }

    @Test
    void theFunctionIsRegistered() {
        call("register", Mme5Functions.class, spark, Sessions.embedder());

        Row row = spark.sql("SELECT mme5_embed('red apple') AS v").first();

        assertThat(Sessions.floats(row, "v")).isEqualTo(Sessions.expected(List.of("red apple")).getFirst());
    }
}
